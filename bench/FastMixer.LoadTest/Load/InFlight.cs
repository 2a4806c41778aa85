using System.Numerics;

namespace FastMixer.LoadTest.Load;

/// <summary>
/// The requests of one connection that wait for their answer, and when each was sent. An id names a slot and its generation, so that
/// an answer that comes after its request was given up is not taken for that of a later one. For one thread; allocates nothing.
/// </summary>
internal sealed class InFlight
{
    // All ids take 5 bytes on the wire, so that all requests, and a server's answers, have one length.
    private const uint IdBase = 0x8000_0000;

    private readonly uint[] _ids;
    private readonly long[] _since;
    private readonly long[] _sent;
    private readonly int[] _free;
    private readonly int[] _order;
    private readonly int _slotBits;
    private int _freeCount;
    private int _orderHead;
    private int _orderTail;
    private uint _generation;

    /// <summary>Makes room for <paramref name="capacity"/> requests.</summary>
    public InFlight(int capacity)
    {
        var slots = (int)BitOperations.RoundUpToPowerOf2((uint)capacity);
        _slotBits = BitOperations.Log2((uint)slots);
        _ids = new uint[slots];
        _since = new long[slots];
        _sent = new long[slots];
        _order = new int[slots];
        _free = new int[capacity];
        Capacity = capacity;
        Clear();
    }

    /// <summary>How many requests may wait.</summary>
    public int Capacity { get; }

    /// <summary>How many requests wait.</summary>
    public int Count => Capacity - _freeCount;

    /// <summary>Whether one more may be sent.</summary>
    public bool HasRoom => _freeCount > 0;

    /// <summary>Takes a slot for a request; returns its id. There must be room.</summary>
    /// <param name="since">From when on its latency counts.</param>
    /// <param name="sent">When it is sent, for <see cref="DropOlder"/>.</param>
    public uint Add(long since, long sent)
    {
        var slot = _free[--_freeCount];
        _generation++;
        var id = IdBase | (_generation << _slotBits) | (uint)slot;
        _ids[slot] = id;
        _since[slot] = since;
        _sent[slot] = sent;
        _order[_orderTail++ & (_order.Length - 1)] = slot;
        return id;
    }

    /// <summary>Ends the request with the given id; false if none such waits.</summary>
    public bool TryEnd(uint id, out long since)
    {
        var slot = (int)(id & (uint)(_ids.Length - 1));
        since = _since[slot];
        if (id == 0 || _ids[slot] != id)
        {
            return false;
        }

        Free(slot);
        return true;
    }

    /// <summary>Ends the request that was sent first, for a peer that answers in order; false if none waits.</summary>
    public bool TryEndOldest(out long since)
    {
        if (Count == 0)
        {
            since = 0;
            return false;
        }

        var slot = _order[_orderHead++ & (_order.Length - 1)];
        since = _since[slot];
        Free(slot);
        return true;
    }

    /// <summary>Gives up the requests sent before a moment; returns how many.</summary>
    public int DropOlder(long moment)
    {
        var dropped = 0;
        for (var slot = 0; slot < _ids.Length; slot++)
        {
            if (_ids[slot] != 0 && _sent[slot] < moment)
            {
                Free(slot);
                dropped++;
            }
        }

        return dropped;
    }

    /// <summary>Gives up all requests; returns how many.</summary>
    public int Clear()
    {
        var dropped = Count;
        Array.Clear(_ids);
        for (var i = 0; i < _free.Length; i++)
        {
            _free[i] = i;
        }

        _freeCount = _free.Length;
        _orderHead = _orderTail = 0;
        return dropped;
    }

    private void Free(int slot)
    {
        _ids[slot] = 0;
        _free[_freeCount++] = slot;
    }
}
