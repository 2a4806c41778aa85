using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports.Accounting;

namespace FastMixer.Engine.Reports.Delivery;

/// <summary>Two batches of one handler: while one is with the handler the other is filled, until it is full or old enough to follow. Used by the handler's worker.</summary>
internal sealed class BatchPair : IDisposable
{
    private readonly ReportBuffering _buffering;
    private readonly TimeProvider _time;
    private readonly BatchSender _sender;
    private ReportBatch _filling;
    private ReportBatch _sending;
    private long _fillingSince;

    /// <summary>Both are empty.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="counters">What is counted.</param>
    /// <param name="time">The time to go by.</param>
    /// <param name="done">Called on any thread when a batch that was not settled at once is settled.</param>
    public BatchPair(IReportHandler handler, HandlerCounters counters, TimeProvider time, Action done)
    {
        _buffering = handler.Buffering;
        _time = time;
        _sender = new BatchSender(handler, counters, time, done);
        _filling = new ReportBatch(counters);
        _sending = new ReportBatch(counters);
    }

    /// <summary>Whether an instance found no room, and none will be before the handler has taken a batch.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Whether nothing waits, and nothing is with the handler.</summary>
    public bool IsEmpty => _filling.Count == 0 && !_sender.IsBusy;

    /// <summary>How long until what waits is old enough to be sent; infinite if nothing waits, or something is with the handler, whose end is told.</summary>
    public TimeSpan Due => _filling.Count > 0 && !_sender.IsBusy ? Lingering : Timeout.InfiniteTimeSpan;

    private TimeSpan Lingering
    {
        get
        {
            TimeSpan left = _buffering.Linger - _time.GetElapsedTime(_fillingSince);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Adds an instance.</summary>
    /// <param name="tag">What it is.</param>
    /// <param name="encoded">Its values, which are copied.</param>
    /// <param name="now">The time, as a timestamp.</param>
    /// <returns>False if there is no room; <see cref="IsFull"/> then.</returns>
    public bool TryAdd(in SentTag tag, ReadOnlySpan<byte> encoded, long now)
    {
        IsFull = _filling.Count >= _buffering.BatchRecords || (_filling.Count > 0 && _filling.Bytes + encoded.Length > _buffering.BatchBytes);
        if (IsFull)
        {
            return false;
        }

        if (_filling.Count == 0)
        {
            _fillingSince = now;
        }

        _filling.Add(tag.Plan.Instance!, tag.Ticket, tag.Record, encoded);
        return true;
    }

    /// <summary>Sends what waits, if it is full or old enough and the handler is free.</summary>
    /// <param name="isLast">Whether the handler ends, so that nothing waits for more.</param>
    /// <returns>Whether there is room again.</returns>
    public bool TrySend(bool isLast)
    {
        if (_filling.Count == 0 || _sender.IsBusy || !(IsFull || isLast || Lingering == TimeSpan.Zero))
        {
            return false;
        }

        (_filling, _sending) = (_sending, _filling);
        IsFull = false;
        _sender.Send(_sending);
        return true;
    }

    /// <summary>Ends all attempts: what is not delivered is dropped.</summary>
    public void GiveUp() => _sender.GiveUp();

    /// <inheritdoc/>
    public void Dispose()
    {
        _sender.Dispose();
        _filling.Dispose();
        _sending.Dispose();
    }
}
