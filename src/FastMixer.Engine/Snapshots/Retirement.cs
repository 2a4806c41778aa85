namespace FastMixer.Engine.Snapshots;

/// <summary>Waits until nothing uses a replaced snapshot any more, then ends the handlers that only it had.</summary>
internal static class Retirement
{
    /// <summary>How long what has begun on a snapshot may take after it was replaced; then its handlers are ended all the same.</summary>
    public static readonly TimeSpan MaxDrainTime = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Retires a snapshot. Never fails.</summary>
    /// <param name="retired">The snapshot; nothing new begins on it.</param>
    /// <param name="engine">Whose it was.</param>
    /// <param name="hurry">Ends the wait.</param>
    public static async Task RunAsync(LiveSnapshot retired, MixerEngine engine, CancellationToken hurry)
    {
        TimeProvider time = retired.Services.Time;
        long start = time.GetTimestamp();
        TimeSpan pause = FirstPause;
        while (!retired.IsIdle && time.GetElapsedTime(start) < MaxDrainTime && !hurry.IsCancellationRequested)
        {
            await Task.Delay(pause, time, hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        if (!retired.IsIdle)
        {
            engine.Counters.CountDrainTimeout();
        }

        (int ended, int failed) = await retired.EndHandlersAsync().ConfigureAwait(false);
        engine.Counters.CountEndedHandlers(ended, failed);
        engine.Counters.Retire(retired.Policy, engine.Current.Policy);
    }
}
