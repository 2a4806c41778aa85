using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports.Accounting;
using FastMixer.Engine.Reports.Metrics;
using FastMixer.Engine.Reports.Threads;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Engine.Reports.Delivery;

/// <summary>
/// What stands between the rules and one handler: a bounded ring, and the thread that brings what is in it to the handler. Any thread may send. Metrics are
/// summed up as they come, everything else is gathered into batches; while one batch is with the handler the next one is filled, and when that is full too the
/// ring fills.
/// </summary>
internal sealed class ReportWorker : IMetricSource, IAsyncDisposable
{
    // After so many records who reads sums gets his turn, and exports.
    private const int RecordsPerTurn = 8192;

    private static readonly TimeSpan PauseAfterError = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly HandlerRing _ring;
    private readonly BatchPair _batches;
    private readonly MetricReads _reads;
    private readonly SeriesExpiry _expiry;
    private readonly MetricExporting? _exporting;
    private readonly ReportFaults _faults;
    private readonly TicketRun _settled = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _alarm;
    private readonly ReportThread _thread;
    private volatile bool _isStopping;
    private volatile bool _isGivenUp;

    /// <summary>A worker with nothing to do.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="time">The time to go by.</param>
    /// <param name="faults">Where errors of the server itself are told.</param>
    public ReportWorker(IReportHandler handler, TimeProvider time, ReportFaults faults)
    {
        Handler = handler;
        _time = time;
        _faults = faults;
        _thread = new ReportThread("reports: handler", Work, GoOnLater);
        _ring = new HandlerRing(handler.Buffering.MaxBytes, Wake);
        _batches = new BatchPair(handler, Counters, time, Wake);
        Tables = new MetricTables(handler, Counters);
        _reads = new MetricReads(Tables, Wake);
        _expiry = new SeriesExpiry(Tables, time);
        _exporting = handler is IMetricExporter exporter ? new MetricExporting(exporter, Tables, Counters, time, Wake) : null;
        _alarm = time.CreateTimer(static state => ((ReportWorker)state!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        (handler as IMetricReader)?.Attach(this);
    }

    /// <summary>The handler.</summary>
    public IReportHandler Handler { get; }

    /// <summary>What becomes of instances.</summary>
    public HandlerCounters Counters { get; } = new();

    /// <summary>The handler's metrics.</summary>
    public MetricTables Tables { get; }

    /// <summary>The memory in which instances wait.</summary>
    public long RingBytes => _ring.MemoryBytes;

    /// <summary>Sends an instance as it is.</summary>
    /// <param name="tag">What it is.</param>
    /// <param name="values">Its values, which are copied.</param>
    /// <returns>False if there is no room; it is counted.</returns>
    public bool TrySend(in SentTag tag, InstanceValues values)
    {
        Counters.CountSent(1);
        if (!_ring.TryClaim(values.EncodedLength, out RingClaim<SentTag> claim))
        {
            Counters.CountDropped(DropReason.HandlerFull, 1);
            return false;
        }

        values.EncodeTo(claim.Bytes);
        claim.Publish(tag);
        return true;
    }

    /// <summary>Sends the values of metrics.</summary>
    /// <param name="tag">What they are.</param>
    /// <param name="hash">The hash of the dimensions.</param>
    /// <param name="values">The values, which are valid.</param>
    /// <param name="dimensions">The dimensions, encoded.</param>
    /// <returns>False if there is no room; they are counted.</returns>
    public bool TrySend(in SentTag tag, ulong hash, ReadOnlySpan<long> values, ReadOnlySpan<byte> dimensions)
    {
        Counters.CountSent(values.Length);
        if (!_ring.TryClaim(MetricPayload.Length(values.Length, dimensions.Length), out RingClaim<SentTag> claim))
        {
            Counters.CountDropped(DropReason.HandlerFull, values.Length);
            return false;
        }

        MetricPayload.Write(claim.Bytes, hash, values, dimensions);
        claim.Publish(tag);
        return true;
    }

    /// <summary>Counts instances that were meant for the handler but could not be sent.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="instances">How many.</param>
    public void CountNotSent(DropReason reason, int instances)
    {
        Counters.CountSent(instances);
        Counters.CountDropped(reason, instances);
    }

    /// <summary>Sees to it that what was sent is worked on.</summary>
    public void Wake() => _thread.Wake();

    /// <inheritdoc/>
    public Task ReadAsync(Action<MetricTotals> read) => _reads.ReadAsync(read);

    /// <summary>Brings what was sent to the handler, and then no more. Nobody may send any more.</summary>
    /// <param name="grace">How long that may take; what is left then is dropped.</param>
    public async Task StopAsync(TimeSpan grace)
    {
        _ring.Close();
        _isStopping = true;
        Wake();
        try
        {
            await _stopped.Task.WaitAsync(grace, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _isGivenUp = true;
            _batches.GiveUp();
            _exporting?.GiveUp();
            Wake();
            await _stopped.Task.ConfigureAwait(false);
        }
    }

    /// <summary>Gives the memory back. To be stopped before.</summary>
    public async ValueTask DisposeAsync()
    {
        await _alarm.DisposeAsync().ConfigureAwait(false);
        _thread.End();
        _reads.Close();
        _batches.Dispose();
        _exporting?.Dispose();
        _ring.Dispose();
    }

    /// <summary>Brings what waits to the handler, as far as that can take it. For the worker's thread.</summary>
    /// <returns>Whether there is more to do at once.</returns>
    public bool Work()
    {
        if (_stopped.Task.IsCompleted)
        {
            _reads.Serve();
            return false;
        }

        _exporting?.TryEnd();
        int left = RecordsPerTurn;
        do
        {
            left -= Scan(left);
        }
        while (_batches.TrySend(_isStopping) && left > 0 && _ring.HasNext);

        _ring.TellRoom(_batches.IsFull);
        _reads.Serve();
        if (_exporting is { IsBusy: false } && _exporting.Due(_isStopping) == TimeSpan.Zero)
        {
            _exporting.TryBegin();
        }

        if (_exporting is not { IsBusy: true })
        {
            _expiry.RunIfDue();
        }

        if (_isStopping && IsDone())
        {
            _stopped.TrySetResult();
            return false;
        }

        SetAlarm();
        return _ring.HasNext && !_batches.IsFull;
    }

    // Sums metrics up, and fills the batch, until that is full.
    private int Scan(int limit)
    {
        long now = _time.GetTimestamp();
        int delivered = 0;
        int read = 0;
        for (; read < limit && _ring.TryPeek(out RingRecord<SentTag> record); read++)
        {
            if (!TryTake(record.Tag, record.Bytes, now, ref delivered))
            {
                break;
            }

            _ring.Advance();
        }

        // A sum that the backend comes and reads is delivered; one that is exported, when the backend has taken it.
        Counters.CountDelivered(_exporting is null ? delivered : 0);
        _settled.Complete();
        return read;
    }

    // False if the batch has no room. What cannot be taken for an error of the server itself is dropped, and holds up nothing behind it.
    private bool TryTake(in SentTag tag, ReadOnlySpan<byte> bytes, long now, ref int delivered)
    {
        int summedUp = 0;
        try
        {
            if (tag.Plan.Table is not { } table)
            {
                return _batches.TryAdd(tag, bytes, now);
            }

            SumUp(table, tag.Plan.Columns, bytes, now, ref summedUp);
        }
#pragma warning disable CA1031 // One record must not end the thread that all others need.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _faults.Tell(exception);
            tag.Ticket.Drop(tag.Record, DropReason.InternalError);
            Counters.CountDropped(DropReason.InternalError, tag.Plan.Count - summedUp);
        }

        delivered += summedUp;
        _settled.Add(tag.Ticket);
        return true;
    }

    private void SumUp(MetricTable table, int[] columns, ReadOnlySpan<byte> bytes, long now, ref int summedUp)
    {
        var payload = new MetricPayload(bytes, columns.Length);
        int row = table.Find(payload.Dimensions, payload.Hash, now);
        if (row == 0)
        {
            Counters.CountOverflow(table.Dimensions.Length > 0 ? columns.Length : 0);
        }

        for (; summedUp < columns.Length; summedUp++)
        {
            table.Add(row, columns[summedUp], payload[summedUp]);
        }
    }

    private bool IsDone()
    {
        if (_ring.HasNext || !_batches.IsEmpty || _exporting is { IsBusy: true })
        {
            return false;
        }

        if (_isGivenUp)
        {
            Tables.Abandon();
            return true;
        }

        return _exporting is null || !Tables.TakeOut();
    }

    // When there will be something to do although nothing comes. The end of a batch and of an export calls by itself.
    private void SetAlarm()
    {
        TimeSpan next = _batches.Due;
        if (_exporting is not { IsBusy: true })
        {
            next = Sooner(next, _expiry.Due);
        }

        if (_exporting is { IsBusy: false } && Tables.Any)
        {
            next = Sooner(next, _exporting.Due(_isStopping));
        }

        _alarm.Change(next, Timeout.InfiniteTimeSpan);
    }

    // What has failed once may have failed before it came to what waits for it.
    private void GoOnLater(Exception exception)
    {
        _faults.Tell(exception);
        Counters.CountFailedAttempt();
        _alarm.Change(PauseAfterError, Timeout.InfiniteTimeSpan);
    }

    private static TimeSpan Sooner(TimeSpan one, TimeSpan other) =>
        one == Timeout.InfiniteTimeSpan || (other != Timeout.InfiniteTimeSpan && other < one) ? other : one;
}
