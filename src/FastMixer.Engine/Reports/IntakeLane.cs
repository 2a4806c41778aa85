using FastMixer.Engine.Diagnostics;
using FastMixer.Engine.Reports.Threads;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Engine.Reports;

/// <summary>
/// A ring of reports that wait, and the thread that reads them. Any thread may offer.
/// </summary>
internal sealed class IntakeLane : IDisposable
{
    private readonly RecordRing<ReportMessage> _ring;
    private readonly ReportDelivery _delivery;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ReportFaults _faults;
    private readonly ReportThread _thread;
    private int _stopping;

    /// <summary>A lane where nothing waits.</summary>
    /// <param name="maxBytes">The memory in which reports may wait.</param>
    /// <param name="counters">What is counted.</param>
    /// <param name="faults">Where errors of the server itself are told.</param>
    public IntakeLane(long maxBytes, EngineCounters counters, ReportFaults faults)
    {
        _ring = new RecordRing<ReportMessage>(maxBytes);
        _delivery = new ReportDelivery(counters, faults);
        _faults = faults;
        _thread = new ReportThread("reports: intake", Work, faults.Tell);
    }

    /// <summary>The memory in which reports wait.</summary>
    public long MemoryBytes => _ring.MemoryBytes;

    /// <summary>Claims room for a report.</summary>
    public bool TryClaim(int length, out RingClaim<ReportMessage> claim) => _ring.TryClaim(length, out claim);

    /// <summary>Sees to it that what was offered is read.</summary>
    public void Wake() => _thread.Wake();

    /// <summary>Takes no more, and reads what waits.</summary>
    public Task StopAsync()
    {
        _ring.Close();
        Volatile.Write(ref _stopping, 1);
        Wake();
        return _stopped.Task;
    }

    /// <summary>Gives the memory back. To be stopped before.</summary>
    public void Dispose()
    {
        _thread.End();
        _delivery.Dispose();
        _ring.Dispose();
    }

    // Until nothing waits; never more to do at once then.
    private bool Work()
    {
        if (_stopped.Task.IsCompleted)
        {
            return false;
        }

        while (_ring.TryPeek(out RingRecord<ReportMessage> record))
        {
            Deliver(record);
            _ring.Advance();
        }

        _delivery.Release();
        if (Volatile.Read(ref _stopping) != 0 && _ring.IsEmpty)
        {
            // Not while one is still being written: whoever writes it calls then.
            _stopped.TrySetResult();
        }

        return false;
    }

    // Nobody calls for the messages behind one that fails: they must be read all the same.
    private void Deliver(in RingRecord<ReportMessage> record)
    {
        try
        {
            ref readonly ReportMessage message = ref record.Tag;
            try
            {
                _delivery.Deliver(message, record.Bytes);
                _delivery.Flush();
            }
            finally
            {
                message.Lease.Release();
            }
        }
#pragma warning disable CA1031 // One message must not hold up all others.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _faults.Tell(exception);
        }
    }
}
