using FastMixer.Protocol.Buffers;

namespace FastMixer.Engine.Reports.Delivery;

/// <summary>
/// What waits for one handler, bounded in memory. Any thread may append, and waits for room while the handler is only behind, since a long answer is being read or the
/// system gave others the processor: the reports behind wait in the intake meanwhile, where clients are told to come again. For a handler whose backend takes
/// nothing nobody waits, or it would hold up all others. One thread reads.
/// </summary>
/// <param name="maxBytes">The most memory it may hold.</param>
/// <param name="wake">Calls for who reads. Any thread; must not throw.</param>
internal sealed class HandlerRing(long maxBytes, Action wake) : IDisposable
{
    // After so long without any progress a handler holds others up no more.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly RecordRing<SentTag> _ring = new(maxBytes);
    private readonly object _room = new();
    private volatile bool _isHeldUp;
    private volatile bool _isClosed;
    private int _waiters;

    /// <summary>The memory it holds, in bytes.</summary>
    public long MemoryBytes => _ring.MemoryBytes;

    /// <summary>Whether a record can be read. For who reads.</summary>
    public bool HasNext => _ring.HasNext;

    /// <summary>Claims room for a record; may wait for it.</summary>
    /// <param name="length">Its bytes.</param>
    /// <param name="claim">The room, to be published soon.</param>
    /// <returns>False if there is none, or the ring is closed.</returns>
    public bool TryClaim(int length, out RingClaim<SentTag> claim) =>
        _ring.TryClaim(length, out claim) || (CanMakeRoom(length) && TryClaimLater(length, out claim));

    /// <summary>Looks at the next record. For who reads.</summary>
    /// <param name="record">The record, valid until <see cref="Advance"/> and another look.</param>
    /// <returns>False if there is none, or the next one is still being written.</returns>
    public bool TryPeek(out RingRecord<SentTag> record) => _ring.TryPeek(out record);

    /// <summary>Goes on behind the record that was looked at. For who reads.</summary>
    public void Advance() => _ring.Advance();

    /// <summary>Tells those who wait what reading has come to. For who reads, after each turn.</summary>
    /// <param name="isHeldUp">Whether no more can be read until the backend has taken something; then they wait no longer.</param>
    public void TellRoom(bool isHeldUp)
    {
        _isHeldUp = isHeldUp;
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _waiters) != 0)
        {
            lock (_room)
            {
                Monitor.PulseAll(_room);
            }
        }
    }

    /// <summary>Takes no more records; those claimed already can be read. Who waits for room is told by <see cref="TellRoom"/>.</summary>
    public void Close()
    {
        _isClosed = true;
        _ring.Close();
    }

    /// <summary>Gives the memory back. Nobody may use the ring any more.</summary>
    public void Dispose() => _ring.Dispose();

    private bool CanMakeRoom(int length) => !_isClosed && !_isHeldUp && length < maxBytes / 2;

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
                    wake();
                    if (!Monitor.Wait(_room, LongestWait))
                    {
                        _isHeldUp = true;
                    }

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
}
