using FastMixer.Client.Timing;

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
    private int _doublings;
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
            _doublings = _cause is null ? 0 : _doublings + 1;
            _pause = Pauses.Next(_doublings, first, most);
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
}
