namespace FastMixer.Testing;

/// <summary>Asserts what a path allocates, in bytes on the calling thread.</summary>
public static class AllocationAssert
{
    // Enough calls for every method on the path to be compiled at its last tier's allocation behavior, and for buffers to have grown.
    private const int WarmUpCalls = 200;

    /// <summary>Fails unless an action allocates nothing once it is warm.</summary>
    /// <param name="iterations">How often to run it while measuring.</param>
    /// <param name="action">What must not allocate; runs on the calling thread.</param>
    public static void Zero(int iterations, Action action)
    {
        for (int i = 0; i < WarmUpCalls; i++)
        {
            action();
        }

        long allocated = Measure(() =>
        {
            for (int i = 0; i < iterations; i++)
            {
                action();
            }
        });
        if (allocated != 0)
        {
            throw new InvalidOperationException(
                $"Allocated {allocated} bytes in {iterations} calls, {(double)allocated / iterations:0.##} a call, where none were expected.");
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
}
