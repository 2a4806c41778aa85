namespace FastMixer.Client.Channels;

/// <summary>
/// How long to wait before connecting again: nothing after a connection that was welcomed, then a pause that doubles with each failed attempt,
/// cut by chance to between half and all of it. Thread-safe.
/// </summary>
/// <param name="first">The pause after one failure.</param>
/// <param name="most">The longest pause.</param>
/// <param name="clock">The clock.</param>
internal sealed class Backoff(TimeSpan first, TimeSpan most, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private TimeSpan _delay;
    private TimeSpan _pause;
    private long _since;
    private ChannelFault? _cause;

    /// <summary>Why the last attempt failed; null if it did not.</summary>
    public ChannelFault? Cause
    {
        get
        {
            lock (_lock)
            {
                return _cause;
            }
        }
    }

    /// <summary>How much of the pause is left.</summary>
    public TimeSpan Remaining
    {
        get
        {
            lock (_lock)
            {
                TimeSpan left = _cause is null ? TimeSpan.Zero : _pause - clock.GetElapsedTime(_since);
                return left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Notes that an attempt failed.</summary>
    /// <param name="cause">Why.</param>
    public void Fail(ChannelFault cause)
    {
        lock (_lock)
        {
            TimeSpan doubled = _cause is null ? first : _delay + _delay;
            _delay = doubled < most ? doubled : most;
            _pause = _delay * (0.5 + (Jitter() / 2));
            _since = clock.GetTimestamp();
            _cause = cause;
        }
    }

    /// <summary>Notes that an attempt succeeded.</summary>
    public void Succeed()
    {
        lock (_lock)
        {
            _cause = null;
        }
    }

#pragma warning disable CA5394 // Spreads load; nothing depends on its being hard to guess.
    private static double Jitter() => Random.Shared.NextDouble();
#pragma warning restore CA5394
}
