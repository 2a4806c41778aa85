namespace FastMixer.Client.Timing;

/// <summary>Makes timers.</summary>
internal static class Timers
{
    /// <summary>A timer that does not run before it is told when. It keeps nothing that the maker's execution context refers to.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="onTime">Called when it is time, on any thread.</param>
    public static ITimer CreateStoppedTimer(this TimeProvider clock, Action onTime)
    {
        using (ExecutionContext.SuppressFlow())
        {
            return clock.CreateTimer(static state => ((Action)state!)(), onTime, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
