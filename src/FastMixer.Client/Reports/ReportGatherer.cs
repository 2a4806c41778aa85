using FastMixer.Client.Attributes;
using FastMixer.Client.Fleet;
using FastMixer.Client.Timing;
using FastMixer.Protocol.Attributes;
using Microsoft.Extensions.Logging;

namespace FastMixer.Client.Reports;

/// <summary>
/// Gathers records of finished requests and hands them to the servers in batches. Whoever adds one never waits: all else is done by a worker that comes to life in the thread
/// pool when there is something to do, one turn at a time. Every record ends in one of the counts of <see cref="ReportCounts"/>.
/// </summary>
internal sealed class ReportGatherer : IThreadPoolWorkItem, IAsyncDisposable
{
    private const int Sendings = 2;

    private readonly ReportOptions _options;
    private readonly TimeProvider _clock;
    private readonly long _origin;
    private readonly ReportCounters _counters = new();
    private readonly WaitingReports _waiting;
    private readonly ReportSending[] _sendings;
    private readonly ReportSettlement _settlement;
    private readonly ReportFlushes _flushes = new();
    private readonly ReportLossNotices _notices;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _timer;

    // When the records that wait leave at the latest; null where none was seen waiting.
    private TimeSpan? _due;
    private long _nextNumber = 1;
    private long _nextWake = Timeout.InfiniteTimeSpan.Ticks;
    private int _wanted;
    private long _graceEnd = long.MaxValue;

    /// <summary>A gatherer without records.</summary>
    /// <param name="options">How to gather and send; valid.</param>
    /// <param name="space">What the records' slots mean, and the base that servers know already.</param>
    /// <param name="fleet">The servers; outlives this.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logger">Told of losses.</param>
    public ReportGatherer(ReportOptions options, AttributeSpace space, IFleet fleet, TimeProvider clock, ILogger logger)
    {
        _options = options;
        _clock = clock;
        _origin = clock.GetTimestamp();
        _waiting = new WaitingReports(options.BufferBytes, _counters);
        _notices = new ReportLossNotices(logger);
        _settlement = new ReportSettlement(options, _counters);
        var encoder = new AttributeEncoder(space.Vocabulary);
        _sendings = [.. Enumerable.Range(0, Sendings)
            .Select(_ => new ReportSending(new ReportBatch(options.BatchRecords, space, encoder), fleet, Wake))];
        _timer = clock.CreateStoppedTimer(Wake);
    }

    /// <summary>What became of the records so far. Allocates.</summary>
    public ReportCounts Counts => _counters.Read(() => _waiting.Added);

    /// <summary>When it will wake by itself, after the time it was made: what tests wait for before they move the clock. No time if it will not.</summary>
    internal TimeSpan NextWake => TimeSpan.FromTicks(Interlocked.Read(ref _nextWake));

    private TimeSpan Now => _clock.GetElapsedTime(_origin);

    /// <summary>Adds a record. Never blocks, never throws, and allocates nothing at steady state. Any thread may call it.</summary>
    /// <param name="record">The record, copied but for what it was rented with; free when the call returns.</param>
    /// <returns>Whether it waits to be sent; else it is counted as dropped.</returns>
    public bool TryAdd(RequestAttributes record)
    {
        bool isKept = _waiting.TryAdd(record.Bag, out long waiting);
        if (waiting == 1 || waiting == _options.BatchRecords || !isKept || _waiting.IsClosed)
        {
            Wake();
        }

        return isKept;
    }

    /// <summary>Sends the records that wait now, without waiting for more.</summary>
    /// <param name="cancellationToken">Ends the wait, not the sending.</param>
    /// <returns>Completes when they have come to their ends: acknowledged, unacknowledged or dropped.</returns>
    public Task FlushAsync(CancellationToken cancellationToken)
    {
        Task ended = _flushes.AddAsync(_waiting.Entered);
        Wake();
        return ended.WaitAsync(cancellationToken);
    }

    /// <summary>Takes no more records, and sends those that wait, within <see cref="ReportOptions.ShutdownGrace"/>; what is left then is counted.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Close();
        Interlocked.CompareExchange(ref _graceEnd, (Now + _options.ShutdownGrace).Ticks, long.MaxValue);
        Wake();
        await _drained.Task.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref _wanted);
            if (_drained.Task.IsCompleted)
            {
                // All records have come to their ends: whoever waits for some came while, or after, the last turn was made.
                CompleteFlushes();
            }
            else
            {
                Turn(Now);
            }
        }
        while (Interlocked.Add(ref _wanted, -seen) != 0);
    }

    private void Wake()
    {
        if (Interlocked.Increment(ref _wanted) == 1)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void Turn(TimeSpan now)
    {
        bool isOver = now.Ticks >= Interlocked.Read(ref _graceEnd);
        if (isOver)
        {
            _stop.Cancel();
            _waiting.DropAll(ReportDropReason.Shutdown);
        }

        foreach (ReportSending sending in _sendings)
        {
            Look(sending, now, isOver);
        }

        NoteWaiting(now);
        long oldest = _sendings.Where(static sending => sending.State != SendingState.Free).Min(static sending => (long?)sending.Number) ?? long.MaxValue;
        _flushes.Complete(_waiting.Gone, oldest, _nextNumber);
        bool isDrained = _waiting.IsClosed && oldest == long.MaxValue && _waiting.IsEmpty;
        TimeSpan? notice = _notices.Tell(Counts, now, isDrained);
        if (isDrained)
        {
            End();
        }
        else
        {
            SetTimer(now, notice);
        }
    }

    // Settles what has landed, sends again what has paused, and fills what is free.
    private void Look(ReportSending sending, TimeSpan now, bool isOver)
    {
        if (sending.State == SendingState.Landed)
        {
            _notices.Note(sending.Problem);
            _settlement.Settle(sending, now, isOver);
        }

        if (sending.State == SendingState.Pausing && isOver)
        {
            _settlement.Drop(sending, ReportDropReason.Shutdown);
        }
        else if (sending.State == SendingState.Pausing && now >= sending.NotBefore)
        {
            _counters.Retry(sending.Batch.Count);
            sending.Send(_stop.Token);
        }
        else if (sending.State == SendingState.Free && IsDue(now) && TryFill(sending.Batch, now))
        {
            sending.Begin(_nextNumber++, _stop.Token);
        }
    }

    private bool IsDue(TimeSpan now)
    {
        long gone = _waiting.Gone;
        long waiting = _waiting.Entered - gone;
        return waiting > 0 && (waiting >= _options.BatchRecords || now >= _due || _waiting.IsClosed || _flushes.Target > gone);
    }

    private void NoteWaiting(TimeSpan now) => _due = _waiting.Entered > _waiting.Gone ? _due ?? now + _options.BatchTime : null;

    private bool TryFill(ReportBatch batch, TimeSpan now)
    {
        while (_waiting.TryMove(batch))
        {
        }

        // Those that are left came later; how much later nobody has noted.
        _due = now + _options.BatchTime;
        return batch.Count > 0;
    }

    private void SetTimer(TimeSpan now, TimeSpan? next)
    {
        foreach (ReportSending sending in _sendings)
        {
            next = sending.State switch
            {
                SendingState.Pausing => Earlier(next, sending.NotBefore),
                SendingState.Free => Earlier(next, _due),
                _ => next,
            };
        }

        long graceEnd = Interlocked.Read(ref _graceEnd);
        next = Earlier(next, graceEnd == long.MaxValue || _stop.IsCancellationRequested ? null : TimeSpan.FromTicks(graceEnd));
        _timer.Change(next is null ? Timeout.InfiniteTimeSpan : AtLeastAMillisecond(next.Value - now), Timeout.InfiniteTimeSpan);
        Interlocked.Exchange(ref _nextWake, (next ?? Timeout.InfiniteTimeSpan).Ticks);
    }

    private static TimeSpan? Earlier(TimeSpan? left, TimeSpan? right) => left is null || right < left ? right ?? left : left;

    // Timers count in whole milliseconds, rounded down: one that comes too early would find nothing due, again and again.
    private static TimeSpan AtLeastAMillisecond(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(time.TotalMilliseconds)));

    private void End()
    {
        CompleteFlushes();
        _timer.Dispose();
        _waiting.Dispose();
        foreach (ReportSending sending in _sendings)
        {
            sending.Batch.Dispose();
        }

        _stop.Dispose();
        _drained.SetResult();
    }

    private void CompleteFlushes() => _flushes.Complete(long.MaxValue, long.MaxValue, _nextNumber);
}
