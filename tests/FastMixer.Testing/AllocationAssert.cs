namespace FastMixer.Testing;

/// <summary>Asserts what a path allocates, in bytes on the calling thread.</summary>
public static class AllocationAssert
{
    private const int WarmUpCalls = 200;

    // The runtime allocates on the thread it interrupts: while it recompiles, and when another test starts a collection. What the action
    // allocates itself comes back in each round.
    private const int Rounds = 5;

    /// <summary>Fails unless an action allocates nothing once it is warm.</summary>
    /// <param name="iterations">How often to run it while measuring.</param>
    /// <param name="action">What must not allocate; runs on the calling thread.</param>
    public static void Zero(int iterations, Action action)
    {
        Repeat(WarmUpCalls, action);
        long least = long.MaxValue;
        for (int round = 0; round < Rounds && least != 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Repeat(iterations, action);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        if (least != 0)
        {
            throw new InvalidOperationException(
                $"Allocated {least} bytes in {iterations} calls, {(double)least / iterations:0.##} a call, where none were expected.");
        }
    }

    /// <summary>The bytes that an action allocates on the calling thread.</summary>
    /// <param name="action">What to measure.</param>
    public static long Measure(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Repeat(int times, Action action)
    {
        for (int i = 0; i < times; i++)
        {
            action();
        }
    }
}
