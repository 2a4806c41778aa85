using FastMixer.Server.Transports;

namespace FastMixer.Server.Overload;

/// <summary>
/// Which messages of one stream are worth answering, by how long they have waited: in the system's buffer, and behind those that were read with them. Belongs to
/// whoever holds the session's lock. While nothing is late, it costs a message a few nanoseconds.
/// </summary>
internal sealed class StreamAdmission
{
    // The clock is looked at for the second message of a read, and then for every so many, or for each where those before took long.
    private const int UsualStride = 8;

    // What waits in the sender's buffer cannot be seen from here, and follows upon what waited in ours. So a stream that was late is taken to be late until
    // it is empty, or has not been late for this part of an interval.
    private const int HoldsPerInterval = 4;

    private readonly OverloadMonitor _monitor;
    private readonly long _millisecond;
    private readonly long _holding;
    private StreamBacklog _backlog;
    private StandingQueue? _queue;
    private long _waited;
    private long _heldUntil;
    private long _now;
    private int _untilLook;

    /// <summary>Admits all, until a read shows otherwise.</summary>
    public StreamAdmission(OverloadMonitor monitor)
    {
        _monitor = monitor;
        _millisecond = monitor.Time.TimestampFrequency / 1000;
        _holding = (long)(monitor.Options.Interval.TotalSeconds * monitor.Time.TimestampFrequency / HoldsPerInterval);
        _backlog = new StreamBacklog(shortest: _millisecond);
    }

    /// <summary>When the messages at hand were read, as a timestamp.</summary>
    public long Arrival { get; private set; }

    /// <summary>Takes note of a read.</summary>
    /// <param name="reader">What has read.</param>
    /// <param name="now">When.</param>
    public void BeginRead(SocketPipeReader reader, long now)
    {
        Arrival = _now = now;
        _untilLook = 1;
        if (!_monitor.Options.IsEnabled)
        {
            return;
        }

        _monitor.NoteActivity();
        _backlog.OnRead(reader.LastBytes, reader.LastFilled, now);
        if (_backlog.WantsMark(now))
        {
            _backlog.Mark(reader.Waiting, now);
        }

        _waited = _backlog.Delay(now);
        if (_queue is not null || _waited > 0)
        {
            Observe();
        }
    }

    /// <summary>
    /// Whether the next message may have to be refused, for it has waited a millisecond at least, or load is being shed. To be asked once for each message.
    /// </summary>
    public bool IsSuspect()
    {
        if (--_untilLook < 0)
        {
            long last = _now;
            _untilLook = (Look() - last) * 4 > _millisecond ? 0 : UsualStride - 1;
        }

        return _now - Arrival >= _millisecond || _monitor.Standing > 0;
    }

    /// <summary>Whether a sender's patience with a message at hand is over.</summary>
    /// <param name="patience">How long it waits; zero for ever.</param>
    public bool IsTooLate(TimeSpan patience) => patience > TimeSpan.Zero && _monitor.Time.GetElapsedTime(Arrival, Look()) >= patience;

    /// <summary>Whether a message at hand is to be shed.</summary>
    public bool Sheds()
    {
        long now = Look();
        return (_queue is not null && _queue.Sheds(_waited + (now - Arrival), now < _heldUntil, now)) || _monitor.Sheds(now);
    }

    /// <summary>Notes that nothing waits: a stream that rests has no queue. Not while <see cref="BeginRead"/> or what follows it may be under way.</summary>
    public void Rest()
    {
        if (_queue is { IsStanding: true })
        {
            _waited = 0;
            Look();
            Observe();
        }
    }

    /// <summary>Ends with the stream.</summary>
    public void End()
    {
        if (_queue is { IsStanding: true })
        {
            _monitor.NoteChange(isStanding: false);
        }

        _queue = null;
    }

    private long Look() => _now = _monitor.Time.GetTimestamp();

    private void Observe()
    {
        _queue ??= new StandingQueue(_monitor.Options, _monitor.Time);
        _heldUntil = _queue.IsAbove(_waited) ? _now + _holding : _waited == 0 ? 0 : _heldUntil;
        if (_queue.Observe(_waited, _now))
        {
            _monitor.NoteChange(_queue.IsStanding);
        }
    }
}
