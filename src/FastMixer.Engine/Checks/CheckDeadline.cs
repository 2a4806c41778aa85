namespace FastMixer.Engine.Checks;

/// <summary>When nobody waits for a check's answer any more: a moment of a <see cref="TimeProvider"/>'s clock that only goes forward.</summary>
public readonly record struct CheckDeadline
{
    private readonly long _timestamp;

    private CheckDeadline(long timestamp) => _timestamp = timestamp;

    /// <summary>There is no deadline.</summary>
    public static CheckDeadline None => default;

    /// <summary>Whether there is no deadline.</summary>
    public bool IsNone => _timestamp == 0;

    /// <summary>The deadline of a check that came at some moment and may take some time.</summary>
    /// <param name="arrival">When it came: <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <param name="patience">How long its sender waits for the answer; 0 or less: it waits no more.</param>
    /// <param name="time">The clock of the arrival.</param>
    public static CheckDeadline After(long arrival, TimeSpan patience, TimeProvider time)
    {
        double ticks = patience.TotalSeconds * time.TimestampFrequency;
        long timestamp = ticks >= long.MaxValue - Math.Max(arrival, 0) ? long.MaxValue : arrival + (long)ticks;

        // 0 means that there is none.
        return new CheckDeadline(timestamp == 0 ? 1 : timestamp);
    }

    /// <summary>The one that passes first; none never does.</summary>
    /// <param name="left">A deadline.</param>
    /// <param name="right">Another of the same clock.</param>
    public static CheckDeadline Earlier(CheckDeadline left, CheckDeadline right) =>
        right.IsNone || (!left.IsNone && left._timestamp < right._timestamp) ? left : right;

    /// <summary>The one that passes last; none never does.</summary>
    /// <param name="left">A deadline.</param>
    /// <param name="right">Another of the same clock.</param>
    public static CheckDeadline Later(CheckDeadline left, CheckDeadline right) =>
        left.IsNone || (!right.IsNone && left._timestamp > right._timestamp) ? left : right;

    /// <summary>Whether it has passed.</summary>
    /// <param name="time">The clock that it was made with.</param>
    public bool HasPassed(TimeProvider time) => !IsNone && time.GetTimestamp() >= _timestamp;

    /// <summary>How much time is left: never below zero; <see cref="TimeSpan.MaxValue"/> without a deadline.</summary>
    /// <param name="time">The clock that it was made with.</param>
    public TimeSpan Remaining(TimeProvider time)
    {
        if (IsNone)
        {
            return TimeSpan.MaxValue;
        }

        TimeSpan left = time.GetElapsedTime(time.GetTimestamp(), _timestamp);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
