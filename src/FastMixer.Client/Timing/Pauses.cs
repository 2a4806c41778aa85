namespace FastMixer.Client.Timing;

/// <summary>How long to wait after failures.</summary>
internal static class Pauses
{
    /// <summary>A pause that doubles with each failure: by chance between half of that and the whole, so that clients do not come back all at once.</summary>
    /// <param name="doublings">How often it was doubled: 0 after the first failure.</param>
    /// <param name="first">The whole pause after the first failure.</param>
    /// <param name="most">The longest.</param>
    public static TimeSpan Next(int doublings, TimeSpan first, TimeSpan most)
    {
        double whole = Math.Min(most.Ticks, first.Ticks * Math.Pow(2, doublings));
        return TimeSpan.FromTicks((long)(whole * (0.5 + (Chance() / 2))));
    }

#pragma warning disable CA5394 // Spreads load; nothing depends on its being hard to guess.
    private static double Chance() => Random.Shared.NextDouble();
#pragma warning restore CA5394
}
