using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Client.Reports;

/// <summary>
/// The records that wait to be sent, oldest first, in bounded memory: bags as packed bytes, beside what each inherits. Any thread may add; when there is no room the
/// oldest are dropped, a chunk of the ring at a time.
/// </summary>
/// <param name="maxBytes">The most memory.</param>
/// <param name="counters">Told of what is dropped.</param>
internal sealed class WaitingReports(int maxBytes, ReportCounters counters) : IDisposable
{
    private const int GreatestRecordBytes = 1 << 20;

    // Who finds the ring full while another reads it or makes room looks again a few times, for some microseconds, and does not wait for more.
    private const int Attempts = 16;
    private const int Spins = 32;

    private readonly RecordRing<AttributeBag?> _ring = new(maxBytes);
    private readonly int _maxRecordBytes = Math.Min(GreatestRecordBytes, maxBytes / 4);
    private readonly Lock _reading = new();
    private long _entered;
    private long _turnedAway;
    private long _gone;
    private volatile bool _isClosed;

    /// <summary>How many were ever added, also those that had no room.</summary>
    public long Added => Entered + Interlocked.Read(ref _turnedAway);

    /// <summary>How many were ever added and had room.</summary>
    public long Entered => Interlocked.Read(ref _entered);

    /// <summary>How many of these do not wait any more.</summary>
    public long Gone => Interlocked.Read(ref _gone);

    /// <summary>Whether no more are taken.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Whether none waits, and none is being added. Final once it is closed.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_reading)
            {
                return !_ring.TryPeek(out _) && _ring.IsEmpty;
            }
        }
    }

    /// <summary>Adds a record, or counts it as dropped. Never blocks; no allocation once the ring has its memory.</summary>
    /// <param name="bag">The record, copied; what it inherits must never change.</param>
    /// <param name="waiting">How many wait, this one included, as seen by the calling thread; 0 if it does not.</param>
    /// <returns>Whether it waits now.</returns>
    public bool TryAdd(AttributeBag bag, out long waiting)
    {
        int length = bag.PackedBytes;
        bool isTooLarge = length > _maxRecordBytes;
        if (!isTooLarge && (_ring.TryClaim(length, out RingClaim<AttributeBag?> claim) || TryMakeRoom(length, out claim)))
        {
            long number = Interlocked.Increment(ref _entered);
            bag.Pack(claim.Bytes);
            claim.Publish(bag.Base);
            waiting = number - Gone;
            return true;
        }

        Interlocked.Increment(ref _turnedAway);
        counters.Drop(isTooLarge ? ReportDropReason.TooLarge : _isClosed ? ReportDropReason.Shutdown : ReportDropReason.Full, 1);
        waiting = 0;
        return false;
    }

    /// <summary>Moves the oldest record into a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <returns>False if there is none, or the batch has no room for it.</returns>
    public bool TryMove(ReportBatch batch)
    {
        BatchResult result;
        lock (_reading)
        {
            if (!_ring.TryPeek(out RingRecord<AttributeBag?> record))
            {
                return false;
            }

            result = batch.TryAdd(record.Bytes, record.Tag);
            if (result == BatchResult.Full)
            {
                return false;
            }

            _ring.Advance();
        }

        Interlocked.Increment(ref _gone);
        if (result == BatchResult.TooLarge)
        {
            counters.Drop(ReportDropReason.TooLarge, 1);
        }

        return true;
    }

    /// <summary>Drops all that wait.</summary>
    /// <param name="reason">Why.</param>
    public void DropAll(ReportDropReason reason)
    {
        lock (_reading)
        {
            while (Skip(reason))
            {
            }
        }
    }

    /// <summary>Takes no more.</summary>
    public void Close()
    {
        _isClosed = true;
        _ring.Close();
    }

    /// <summary>Gives the memory back. To be closed and empty before.</summary>
    public void Dispose() => _ring.Dispose();

    private bool TryMakeRoom(int length, out RingClaim<AttributeBag?> claim)
    {
        claim = default;
        for (int attempt = 0; attempt < Attempts && !_isClosed; attempt++)
        {
            if (!_reading.TryEnter())
            {
                Thread.SpinWait(Spins);
                if (_ring.TryClaim(length, out claim))
                {
                    return true;
                }

                continue;
            }

            try
            {
                // Another may have made room meanwhile, which is not to be made twice.
                if (_ring.TryClaim(length, out claim))
                {
                    return true;
                }

                if (!Skip(ReportDropReason.Full))
                {
                    return false;
                }
            }
            finally
            {
                _reading.Exit();
            }
        }

        return _ring.TryClaim(length, out claim);
    }

    // Under the lock.
    private bool Skip(ReportDropReason reason)
    {
        int skipped = _ring.SkipChunk();
        Interlocked.Add(ref _gone, skipped);
        counters.Drop(reason, skipped);
        return skipped > 0;
    }
}
