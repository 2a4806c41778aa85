namespace FastMixer.Server.Overload;

/// <summary>
/// A queue whose delay is measured by a probe: something that is put at its end now and then, and timed until its turn comes. One probe is under way at a
/// time. Any thread may call.
/// </summary>
/// <param name="monitor">Says when load is shed, and is told when this queue becomes a standing one.</param>
internal abstract class ProbedQueue(OverloadMonitor monitor) : IDisposable
{
    private readonly StandingQueue _queue = new(monitor.Options, monitor.Time);
    private readonly Lock _observing = new();
    private long _sentAt;
    private long _lastDelay;

    /// <summary>Whether requests of this queue may have to be shed.</summary>
    public bool IsStanding => _queue.IsStanding;

    /// <summary>How long what comes now will wait: what the last probe measured, or how long the one under way has waited if that is longer.</summary>
    /// <param name="now">The moment.</param>
    public long Delay(long now)
    {
        long sentAt = Volatile.Read(ref _sentAt);
        long last = Volatile.Read(ref _lastDelay);
        return sentAt == 0 ? last : Math.Max(last, now - sentAt);
    }

    /// <summary>Whether what is served now is to be shed.</summary>
    /// <param name="now">The moment.</param>
    public bool Sheds(long now) => _queue.IsStanding && _queue.Sheds(Delay(now), isHeld: false, now);

    /// <summary>Sends the probe, unless it is under way.</summary>
    public void Send()
    {
        long now = Math.Max(monitor.Time.GetTimestamp(), 1);
        if (Interlocked.CompareExchange(ref _sentAt, now, 0) == 0 && !TryPost())
        {
            Volatile.Write(ref _sentAt, 0);
        }
    }

    /// <summary>Takes note of how long a probe that is late has been under way: in a queue that grows it comes too late to tell. Sends one where none is.</summary>
    public void Look()
    {
        long now = monitor.Time.GetTimestamp();
        long sentAt = Volatile.Read(ref _sentAt);
        if (sentAt != 0 && _queue.IsAbove(now - sentAt))
        {
            Measure(now - sentAt, now);
            if (MayLose && monitor.Time.GetElapsedTime(sentAt, now) >= monitor.Options.Interval)
            {
                Interlocked.CompareExchange(ref _sentAt, 0, sentAt);
            }
        }

        Send();
    }

    /// <summary>Whether a probe may get lost, so that one that is under way for an interval is not waited for.</summary>
    protected abstract bool MayLose { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
        if (IsStanding)
        {
            monitor.NoteChange(isStanding: false);
        }
    }

    /// <summary>Gives back what the queue holds.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>Puts the probe at the end of the queue.</summary>
    /// <returns>False if it cannot be put there.</returns>
    protected abstract bool TryPost();

    /// <summary>Notes that the probe's turn has come.</summary>
    /// <returns>
    /// Whether it should be sent again at once, for it was late, or load is shed: then each moment counts. Other probes come at moments that have nothing to
    /// do with the work.
    /// </returns>
    protected bool Arrive()
    {
        long sentAt = Interlocked.Exchange(ref _sentAt, 0);
        long now = monitor.Time.GetTimestamp();
        return sentAt != 0 && Measure(now - sentAt, now);
    }

    private bool Measure(long delay, long now)
    {
        Volatile.Write(ref _lastDelay, delay);
        lock (_observing)
        {
            if (_queue.Observe(delay, now))
            {
                monitor.NoteChange(_queue.IsStanding);
            }
        }

        return _queue.IsStanding || _queue.IsAbove(delay);
    }
}
