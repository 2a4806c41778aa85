namespace FastMixer.Engine.Backends;

/// <summary>A handler's clock: milliseconds since it was made, which only go forward.</summary>
/// <param name="time">What it goes by.</param>
internal sealed class BackendClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>What it goes by.</summary>
    public TimeProvider Time => time;

    /// <summary>The time.</summary>
    public long Now => (long)time.GetElapsedTime(_start).TotalMilliseconds;
}
