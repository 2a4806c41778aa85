using System.Numerics;

namespace FastMixer.Client.Calls;

/// <summary>What came of adding a call.</summary>
internal enum AddResult
{
    /// <summary>It waits.</summary>
    Added,

    /// <summary>As many wait as may.</summary>
    Full,

    /// <summary>Nothing is answered here any more.</summary>
    Closed,
}

/// <summary>What an answer's id was.</summary>
internal enum TakeResult
{
    /// <summary>That of a call that waited for such an answer.</summary>
    Taken,

    /// <summary>That of no call that waits: it was given up, or never made.</summary>
    Late,

    /// <summary>That of a call that waits for an answer of another kind, and goes on waiting.</summary>
    WrongKind,
}

/// <summary>
/// The calls in flight on one connection, by id. An id is a slot and, above it, how often the slot was used before, so that the answer to a
/// call that was given up never meets the slot's next call. Slots are used in turn: an id comes back after some four billion calls.
/// Thread-safe; a call leaves the table once, and the one who took it completes it, without the lock.
/// </summary>
internal sealed class PendingCalls
{
    private readonly Lock _lock = new();
    private readonly PendingCall?[] _slots;
    private readonly uint[] _generations;
    private readonly int[] _free;
    private readonly int _slotBits;
    private int _nextFree;
    private int _count;
    private bool _closed;

    /// <summary>An empty table.</summary>
    /// <param name="capacity">How many calls may wait.</param>
    public PendingCalls(int capacity)
    {
        _slotBits = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, 2)));
        _slots = new PendingCall?[capacity];
        _free = new int[capacity];
        _generations = new uint[capacity];
        for (int i = 0; i < capacity; i++)
        {
            _free[i] = i;
            _generations[i] = 1;
        }
    }

    /// <summary>How many calls wait. Exact only while nobody adds or takes.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds a call, and gives it its id, which is never below 2.</summary>
    /// <param name="call">The call.</param>
    public AddResult TryAdd(PendingCall call)
    {
        lock (_lock)
        {
            if (_closed || _count == _slots.Length)
            {
                return _closed ? AddResult.Closed : AddResult.Full;
            }

            int slot = _free[_nextFree];
            _nextFree = _nextFree + 1 == _free.Length ? 0 : _nextFree + 1;
            _count++;
            _slots[slot] = call;
            call.Table = this;
            call.Id = (_generations[slot] << _slotBits) | (uint)slot;
            return AddResult.Added;
        }
    }

    /// <summary>Takes the call that an answer belongs to.</summary>
    /// <typeparam name="T">What was answered.</typeparam>
    /// <param name="id">The answer's id.</param>
    /// <param name="call">The call, now the caller's to complete.</param>
    public TakeResult Take<T>(uint id, out PendingCall<T>? call)
    {
        lock (_lock)
        {
            PendingCall? found = Find(id);
            call = found as PendingCall<T>;
            if (call is not null)
            {
                Remove(call);
            }

            return call is not null ? TakeResult.Taken : found is null ? TakeResult.Late : TakeResult.WrongKind;
        }
    }

    /// <summary>Takes a call whatever it waits for.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>The call, now the caller's to complete, or null.</returns>
    public PendingCall? Take(uint id)
    {
        lock (_lock)
        {
            PendingCall? call = Find(id);
            if (call is not null)
            {
                Remove(call);
            }

            return call;
        }
    }

    /// <summary>Takes a call that the caller knows.</summary>
    /// <param name="call">The call.</param>
    /// <returns>False if someone else has taken it, and completes it.</returns>
    public bool TryRemove(PendingCall call)
    {
        lock (_lock)
        {
            bool waits = ReferenceEquals(Find(call.Id), call);
            if (waits)
            {
                Remove(call);
            }

            return waits;
        }
    }

    /// <summary>Takes all calls that have waited long enough.</summary>
    /// <param name="now">The time.</param>
    /// <param name="expired">Gets them.</param>
    public void TakeExpired(long now, List<PendingCall> expired)
    {
        lock (_lock)
        {
            for (int i = 0; _count > 0 && i < _slots.Length; i++)
            {
                if (_slots[i] is { } call && call.Deadline <= now)
                {
                    Remove(call);
                    expired.Add(call);
                }
            }
        }
    }

    /// <summary>Takes all calls, and takes no more in.</summary>
    /// <param name="calls">Gets them.</param>
    public void Close(List<PendingCall> calls)
    {
        lock (_lock)
        {
            _closed = true;
            foreach (PendingCall? call in _slots)
            {
                if (call is not null)
                {
                    Remove(call);
                    calls.Add(call);
                }
            }
        }
    }

    /// <summary>Takes no more calls in, if none waits.</summary>
    /// <returns>Whether none waits, and none will.</returns>
    public bool TryCloseEmpty()
    {
        lock (_lock)
        {
            _closed |= _count == 0;
            return _closed;
        }
    }

    /// <summary>Notes that a call's datagram is to be sent, or about to be sent for the first time.</summary>
    /// <param name="call">The call.</param>
    /// <param name="attempts">How often it will have been sent.</param>
    /// <param name="nextAttempt">When it is to be sent again.</param>
    public void Schedule(PendingCall call, int attempts, long nextAttempt)
    {
        lock (_lock)
        {
            call.Attempts = attempts;
            call.NextAttempt = nextAttempt;
        }
    }

    /// <summary>Copies the datagram of a call that is due for sending again, and notes that it was sent.</summary>
    /// <param name="slot">Where to look, in turn from 0 by the caller; moved behind the call found.</param>
    /// <param name="now">The time.</param>
    /// <param name="maxAttempts">How often a datagram is sent at most.</param>
    /// <param name="datagram">Gets the bytes.</param>
    /// <param name="length">How many they are.</param>
    /// <param name="isRepetition">Whether it was sent before.</param>
    /// <returns>False if none is due from that slot on.</returns>
    public bool TryCopyDue(ref int slot, long now, int maxAttempts, Span<byte> datagram, out int length, out bool isRepetition)
    {
        lock (_lock)
        {
            for (; slot < _slots.Length; slot++)
            {
                if (_slots[slot] is { Datagram: not null } call && call.NextAttempt <= now && call.Attempts < maxAttempts)
                {
                    slot++;
                    isRepetition = call.Attempts++ > 0;
                    call.NextAttempt = now + ((call.Deadline - call.Started) / maxAttempts);
                    call.Datagram.Written.CopyTo(datagram);
                    length = call.Datagram.Length;
                    return true;
                }
            }
        }

        isRepetition = false;
        length = 0;
        return false;
    }

    private PendingCall? Find(uint id)
    {
        uint slot = id & ((1u << _slotBits) - 1);
        return slot < (uint)_slots.Length && _generations[slot] == id >> _slotBits ? _slots[slot] : null;
    }

    private void Remove(PendingCall call)
    {
        int slot = (int)(call.Id & ((1u << _slotBits) - 1));
        _slots[slot] = null;
        _free[(_nextFree + _slots.Length - _count) % _free.Length] = slot;
        _count--;

        // Generation 0 is left out: ids 0 and 1 are the protocol's "answers nothing" and this client's hello.
        uint next = (_generations[slot] + 1) & (uint.MaxValue >> _slotBits);
        _generations[slot] = next == 0 ? 1 : next;
    }
}
