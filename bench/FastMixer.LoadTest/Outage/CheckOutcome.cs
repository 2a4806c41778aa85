namespace FastMixer.LoadTest.Outage;

/// <summary>What a caller got: a decision, or the reason why there was none.</summary>
/// <param name="Failure">Null if there was a decision.</param>
internal readonly record struct CheckOutcome(string? Failure)
{
    /// <summary>A decision.</summary>
    public static CheckOutcome Decided => default;

    /// <summary>Whether there was a decision.</summary>
    public bool Succeeded => Failure is null;
}
