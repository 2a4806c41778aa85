namespace FastMixer.Policy.Tests.Support;

/// <summary>Measures what an action allocates once it is warm.</summary>
internal static class Measure
{
    private const int Rounds = 200;

    /// <summary>The bytes allocated by many calls; the least of a few tries, because a tier change may allocate once.</summary>
    public static long Bytes(Action action)
    {
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 5 && least > 0; attempt++)
        {
            for (int i = 0; i < Rounds; i++)
            {
                action();
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Rounds; i++)
            {
                action();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
