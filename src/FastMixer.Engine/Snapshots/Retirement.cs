namespace FastMixer.Engine.Snapshots;

/// <summary>Waits until nothing uses a replaced snapshot any more, then ends the handlers that only it had.</summary>
internal static class Retirement
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Retires a snapshot. Never fails.</summary>
    /// <param name="retired">The snapshot; nothing new begins on it.</param>
    /// <param name="engine">Whose it was.</param>
    /// <param name="hurry">Ends the wait.</param>
    /// <returns>What became of it.</returns>
    public static async Task<RetiredConfiguration> RunAsync(LiveSnapshot retired, MixerEngine engine, CancellationToken hurry)
    {
        TimeProvider time = retired.Services.Time;
        long start = time.GetTimestamp();
        TimeSpan pause = FirstPause;
        while (!retired.IsIdle && time.GetElapsedTime(start) < MixerEngine.MaxDrainTime && !hurry.IsCancellationRequested)
        {
            await Task.Delay(pause, time, hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        bool timedOut = !retired.IsIdle && !hurry.IsCancellationRequested;
        if (timedOut)
        {
            engine.Counters.CountDrainTimeout();
        }

        EndedHandlers ended = await retired.EndHandlersAsync().ConfigureAwait(false);
        engine.Counters.CountEndedHandlers(ended.Count, ended.Failures.Count);
        engine.Counters.Retire(retired.Policy, engine.Current.Policy);
        return new RetiredConfiguration(retired.Policy.Generation, ended.Count, ended.Failures, timedOut);
    }
}
