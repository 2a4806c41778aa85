namespace FastMixer.Caching.Stripes;

/// <summary>
/// Records in the order in which they came, in a part of a stripe's memory that is used round and round. The part can be made smaller and larger at
/// either side while it is used. For the writer only.
/// </summary>
internal sealed class RecordRing
{
    private uint _start;
    private uint _limit;
    private uint _wantedStart;
    private uint _wantedLimit;
    private uint _head;
    private uint _tail;

    // While the newest records are a round ahead of the oldest: where that round began, and where the round before ended.
    private bool _isWrapped;
    private uint _roundStart;
    private uint _roundEnd;

    /// <summary>An empty ring.</summary>
    /// <param name="start">Where its part begins, in units.</param>
    /// <param name="limit">Where it ends.</param>
    public RecordRing(uint start, uint limit)
    {
        Grow(start, limit);
        (_head, _tail) = (start, start);
    }

    /// <summary>How many entries have their record here.</summary>
    public int Count { get; set; }

    /// <summary>Where its part begins, in units.</summary>
    public uint Start => _start;

    /// <summary>Where its part ends.</summary>
    public uint Limit => _limit;

    /// <summary>How large it is, or is to become if that is less, in units.</summary>
    public uint Capacity => _wantedLimit - _wantedStart;

    /// <summary>Whether there is no record, of an entry or left behind by one.</summary>
    public bool IsEmpty => _head == _tail && !_isWrapped;

    /// <summary>Where the oldest record is; meaningless if there is none.</summary>
    public uint Oldest => _head;

    /// <summary>Whether there is room for a record behind the others.</summary>
    /// <param name="size">Its size in units.</param>
    /// <returns>False if the oldest must go first.</returns>
    public bool HasRoom(uint size)
    {
        Shrink();
        if (!_isWrapped && size > Room && (long)_head - _wantedStart >= size)
        {
            (_roundEnd, _roundStart) = (_tail, _wantedStart);
            (_start, _tail, _isWrapped) = (_wantedStart, _wantedStart, true);
        }

        return size <= Room;
    }

    /// <summary>Takes room for a record behind the others.</summary>
    /// <param name="size">Its size in units.</param>
    /// <param name="place">Where it goes.</param>
    /// <returns>False if the oldest must go first.</returns>
    public bool TryAppend(uint size, out uint place)
    {
        bool hasRoom = HasRoom(size);
        place = _tail;
        _tail += hasRoom ? size : 0;
        return hasRoom;
    }

    /// <summary>Lets the oldest record go. Its memory stays as it is until a record is appended.</summary>
    /// <param name="size">Its size in units.</param>
    public void RemoveOldest(uint size)
    {
        _head += size;
        if (_isWrapped && _head == _roundEnd)
        {
            (_head, _isWrapped) = (_roundStart, false);
        }

        Shrink();
    }

    /// <summary>Makes the part smaller, as soon as no record is in what it loses: <see cref="Start"/> and <see cref="Limit"/> tell.</summary>
    /// <param name="start">Where it shall begin.</param>
    /// <param name="limit">Where it shall end.</param>
    public void ShrinkTo(uint start, uint limit) => (_wantedStart, _wantedLimit) = (Math.Max(start, _start), Math.Min(limit, _limit));

    /// <summary>Makes the part larger at once.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="limit">Where it ends.</param>
    public void Grow(uint start, uint limit)
    {
        (_start, _limit) = (start, limit);
        (_wantedStart, _wantedLimit) = (start, limit);
    }

    // Below zero where the newest records are in what the part is to lose.
    private long Room => (long)Math.Min(_isWrapped ? _head : _limit, _wantedLimit) - _tail;

    private void Shrink()
    {
        if (IsEmpty)
        {
            (_head, _tail) = (_wantedStart, _wantedStart);
        }

        if (!_isWrapped && _tail <= _wantedLimit && _head >= _wantedStart)
        {
            (_start, _limit) = (_wantedStart, _wantedLimit);
        }
    }
}
