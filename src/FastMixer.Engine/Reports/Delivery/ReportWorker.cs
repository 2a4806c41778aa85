using System.Collections.Concurrent;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports.Accounting;
using FastMixer.Engine.Reports.Metrics;
using FastMixer.Engine.Reports.Threads;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Engine.Reports.Delivery;

/// <summary>
/// What stands between the rules and one handler: a bounded ring, and the thread that brings what is in it to the handler. Any thread may send. Metrics are summed up as they come, everything else is
/// gathered into batches; while one batch is with the handler the next one is filled, and when that is full too the ring fills.
/// </summary>
internal sealed class ReportWorker : IMetricSource, IAsyncDisposable
{
    // After so many records who reads sums gets his turn, and exports.
    private const int RecordsPerTurn = 8192;

    // After so long without any progress a handler holds others up no more.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly ReportBuffering _buffering;
    private readonly TimeProvider _time;
    private readonly RecordRing<SentTag> _ring;
    private readonly BatchSender _sender;
    private readonly MetricExporting? _exporting;
    private readonly ReportFaults _faults;
    private readonly TicketRun _settled = new();
    private readonly ConcurrentQueue<(Action<MetricTotals> Read, TaskCompletionSource Done)> _reads = new();
    private readonly object _room = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _alarm;
    private readonly ReportThread _thread;
    private ReportBatch _filling;
    private ReportBatch _sending;
    private volatile bool _isFull;
    private volatile bool _isHeldUp;
    private volatile bool _isClosed;
    private int _waiters;
    private long _fillingSince;
    private long _lastExpiry;
    private int _stopping;
    private int _givenUp;
    private int _disposed;

    /// <summary>A worker with nothing to do.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="time">The time to go by.</param>
    /// <param name="faults">Where errors of the server itself are told.</param>
    public ReportWorker(IReportHandler handler, TimeProvider time, ReportFaults faults)
    {
        Handler = handler;
        _buffering = handler.Buffering;
        _time = time;
        _faults = faults;
        _thread = new ReportThread("reports: handler", Work, GoOnLater);
        _ring = new RecordRing<SentTag>(_buffering.MaxBytes);
        _filling = new ReportBatch(Counters);
        _sending = new ReportBatch(Counters);
        _sender = new BatchSender(handler, Counters, time, Wake);
        Tables = new MetricTables(handler, Counters);
        _exporting = handler is IMetricExporter exporter ? new MetricExporting(exporter, Tables, Counters, time, Wake) : null;
        _lastExpiry = time.GetTimestamp();
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
        if (!TryClaim(values.EncodedLength, out RingClaim<SentTag> claim))
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
        if (!TryClaim(MetricPayload.Length(values.Length, dimensions.Length), out RingClaim<SentTag> claim))
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
    public Task ReadAsync(Action<MetricTotals> read)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _reads.Enqueue((read, done));
        Wake();
        if (Volatile.Read(ref _disposed) != 0)
        {
            RefuseReads();
        }

        return done.Task;
    }

    /// <summary>Brings what was sent to the handler, and then no more. Nobody may send any more.</summary>
    /// <param name="grace">How long that may take; what is left then is dropped.</param>
    public async Task StopAsync(TimeSpan grace)
    {
        _isClosed = true;
        _ring.Close();
        Volatile.Write(ref _stopping, 1);
        Wake();
        try
        {
            await _stopped.Task.WaitAsync(grace, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Volatile.Write(ref _givenUp, 1);
            _sender.GiveUp();
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
        Volatile.Write(ref _disposed, 1);
        RefuseReads();
        _sender.Dispose();
        _exporting?.Dispose();
        _ring.Dispose();
        _filling.Dispose();
        _sending.Dispose();
    }

    // A handler that is only behind, since a long answer was being read or the system gave others the processor, is waited for: the reports behind wait in
    // the intake meanwhile, where clients are told to come again. One whose backend takes nothing is not, or it would hold up all others.
    private bool TryClaim(int length, out RingClaim<SentTag> claim) =>
        _ring.TryClaim(length, out claim) || (CanMakeRoom(length) && TryClaimLater(length, out claim));

    private bool CanMakeRoom(int length) => !_isClosed && !_isFull && !_isHeldUp && length < _buffering.MaxBytes / 2;

    private bool TryClaimLater(int length, out RingClaim<SentTag> claim)
    {
        lock (_room)
        {
            // Pairs with the barrier in TellRoom: either room that was made is seen here, or the wait there.
            Interlocked.Increment(ref _waiters);
            try
            {
                bool claimed = _ring.TryClaim(length, out claim);
                while (!claimed && CanMakeRoom(length))
                {
                    Wake();
                    _isHeldUp = !Monitor.Wait(_room, LongestWait);
                    claimed = _ring.TryClaim(length, out claim);
                }

                return claimed;
            }
            finally
            {
                Interlocked.Decrement(ref _waiters);
            }
        }
    }

    private void TellRoom()
    {
        _isHeldUp = false;
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _waiters) != 0)
        {
            lock (_room)
            {
                Monitor.PulseAll(_room);
            }
        }
    }

    private bool IsStopping => Volatile.Read(ref _stopping) != 0;

    /// <summary>Brings what waits to the handler, as far as that can take it. For the worker's thread.</summary>
    /// <returns>Whether there is more to do at once.</returns>
    public bool Work()
    {
        if (_stopped.Task.IsCompleted)
        {
            ServeReads();
            return false;
        }

        _exporting?.TryEnd();
        int left = RecordsPerTurn;
        do
        {
            left -= Scan(left);
        }
        while (TrySendBatch() && left > 0 && _ring.HasNext);

        TellRoom();
        ServeReads();
        if (_exporting is { IsBusy: false } && _exporting.Due(IsStopping) == TimeSpan.Zero)
        {
            _exporting.TryBegin();
        }

        ExpireIfDue();
        if (IsStopping && IsDone())
        {
            _stopped.TrySetResult();
            return false;
        }

        SetAlarm();
        return _ring.HasNext && !_isFull;
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
                return TryFill(tag, bytes, now);
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

    private bool TryFill(in SentTag tag, ReadOnlySpan<byte> encoded, long now)
    {
        _isFull = _filling.Count >= _buffering.BatchRecords || (_filling.Count > 0 && _filling.Bytes + encoded.Length > _buffering.BatchBytes);
        if (_isFull)
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

    // Whether the batch that is being filled has room again.
    private bool TrySendBatch()
    {
        if (_filling.Count == 0 || _sender.IsBusy || !(_isFull || IsStopping || Lingering == TimeSpan.Zero))
        {
            return false;
        }

        (_filling, _sending) = (_sending, _filling);
        _isFull = false;
        _sender.Send(_sending);
        return true;
    }

    private TimeSpan Lingering
    {
        get
        {
            TimeSpan left = _buffering.Linger - _time.GetElapsedTime(_fillingSince);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private void ServeReads()
    {
        while (_reads.TryDequeue(out (Action<MetricTotals> Read, TaskCompletionSource Done) request))
        {
            try
            {
                request.Read(new MetricTotals(Tables.Sets()));
                request.Done.SetResult();
            }
#pragma warning disable CA1031 // It is the reader's, who gets it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                request.Done.SetException(exception);
            }
        }
    }

    private void RefuseReads()
    {
        while (_reads.TryDequeue(out (Action<MetricTotals> Read, TaskCompletionSource Done) request))
        {
            request.Done.SetException(new ObjectDisposedException(nameof(IMetricSource), "The handler has ended."));
        }
    }

    private void ExpireIfDue()
    {
        if (_exporting is not { IsBusy: true } && Tables.Any && ExpiryDue == TimeSpan.Zero)
        {
            _lastExpiry = _time.GetTimestamp();
            Tables.Expire(_time);
        }
    }

    private TimeSpan ExpiryDue
    {
        get
        {
            TimeSpan interval = Tables.ExpiryInterval;
            TimeSpan left = interval - _time.GetElapsedTime(_lastExpiry);
            return interval == Timeout.InfiniteTimeSpan ? interval : left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private bool IsDone()
    {
        if (_ring.HasNext || _filling.Count > 0 || _sender.IsBusy || _exporting is { IsBusy: true })
        {
            return false;
        }

        if (Volatile.Read(ref _givenUp) != 0)
        {
            Tables.Abandon();
            return true;
        }

        return _exporting is null || !Tables.TakeOut();
    }

    // When there will be something to do although nothing comes.
    private void SetAlarm()
    {
        TimeSpan next = Timeout.InfiniteTimeSpan;
        if (_filling.Count > 0 && !_sender.IsBusy)
        {
            next = Lingering;
        }

        if (_exporting is { IsBusy: false } && Tables.Any)
        {
            next = Sooner(next, _exporting.Due(IsStopping));
        }

        if (Tables.Any && ExpiryDue is var expiry && expiry != Timeout.InfiniteTimeSpan)
        {
            next = Sooner(next, expiry);
        }

        _alarm.Change(next, Timeout.InfiniteTimeSpan);
    }

    // What has failed once may have failed before it came to what waits for it.
    private void GoOnLater(Exception exception)
    {
        _faults.Tell(exception);
        Counters.CountFailedAttempt();
        _alarm.Change(LongestWait, Timeout.InfiniteTimeSpan);
    }

    private static TimeSpan Sooner(TimeSpan one, TimeSpan other) => one == Timeout.InfiniteTimeSpan || other < one ? other : one;
}
