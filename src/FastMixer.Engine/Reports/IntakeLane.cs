using FastMixer.Engine.Diagnostics;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Engine.Reports;

/// <summary>
/// A ring of reports that wait, and the work of reading them. Any thread may offer; the work is done by one thread of the pool at a time, and by none
/// while there is nothing to do.
/// </summary>
internal sealed class IntakeLane : IThreadPoolWorkItem, IDisposable
{
    // After so many messages others of the pool get their turn.
    private const int MessagesPerTurn = 64;

    // Nobody works; somebody does or is about to; the same, and has been called meanwhile.
    private const int Idle = 0;
    private const int Working = 1;
    private const int Called = 2;

    private readonly RecordRing<ReportMessage> _ring;
    private readonly ReportDelivery _delivery;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;
    private int _stopping;

    /// <summary>A lane where nothing waits.</summary>
    /// <param name="maxBytes">The memory in which reports may wait.</param>
    /// <param name="counters">What is counted.</param>
    public IntakeLane(long maxBytes, EngineCounters counters)
    {
        _ring = new RecordRing<ReportMessage>(maxBytes);
        _delivery = new ReportDelivery(counters);
    }

    /// <summary>The memory in which reports wait.</summary>
    public long MemoryBytes => _ring.MemoryBytes;

    /// <summary>Claims room for a report.</summary>
    public bool TryClaim(int length, out RingClaim<ReportMessage> claim) => _ring.TryClaim(length, out claim);

    /// <summary>Sees to it that what was offered is read.</summary>
    public void Wake()
    {
        // A full barrier: pairs with those in Execute, so that either the work begins after what was offered, or it is done once more.
        if (Interlocked.Exchange(ref _state, Called) == Idle)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Takes no more, and reads what waits.</summary>
    public Task StopAsync()
    {
        _ring.Close();
        Volatile.Write(ref _stopping, 1);
        Wake();
        return _stopped.Task;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _delivery.Dispose();
        _ring.Dispose();
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute()
    {
        Interlocked.Exchange(ref _state, Working);
        if (Work() || Interlocked.CompareExchange(ref _state, Idle, Working) != Working)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    // Whether there is more to do at once.
    private bool Work()
    {
        for (int i = 0; i < MessagesPerTurn; i++)
        {
            if (!_ring.TryPeek(out RingRecord<ReportMessage> record))
            {
                _delivery.Release();
                if (Volatile.Read(ref _stopping) != 0 && !_ring.HasNext)
                {
                    _stopped.TrySetResult();
                }

                return false;
            }

            ref readonly ReportMessage message = ref record.Tag;
            _delivery.Deliver(message, record.Bytes);
            _delivery.Flush();
            message.Lease.Release();
            _ring.Advance();
        }

        return true;
    }
}
