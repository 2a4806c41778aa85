namespace FastMixer.Caching.Stripes;

/// <summary>Records in the order in which they came, in a part of a stripe's memory that is used round and round. For the writer only.</summary>
/// <param name="start">Where the part begins, in units.</param>
/// <param name="units">How large it is.</param>
internal sealed class RecordRing(uint start, uint units)
{
    private readonly uint _start = start;
    private readonly uint _limit = start + units;
    private uint _head = start;
    private uint _tail = start;

    // Where the records end whose continuation is at the start; the limit while head and tail are in the same round.
    private uint _end = start + units;
    private bool _isWrapped;

    /// <summary>How many entries have their record here.</summary>
    public int Count { get; set; }

    /// <summary>Its size in units.</summary>
    public uint Units => _limit - _start;

    /// <summary>Whether there is no record, of an entry or left behind by one.</summary>
    public bool IsEmpty => _head == _tail && !_isWrapped;

    /// <summary>Where the oldest record is; meaningless if there is none.</summary>
    public uint Oldest => _head;

    /// <summary>Whether a place is in this ring.</summary>
    public bool Contains(uint place) => place >= _start && place < _limit;

    /// <summary>Takes room for a record behind the others.</summary>
    /// <param name="size">Its size in units.</param>
    /// <param name="place">Where it goes.</param>
    /// <returns>False if the oldest must go first.</returns>
    public bool TryAppend(uint size, out uint place)
    {
        if (IsEmpty)
        {
            (_head, _tail, _end) = (_start, _start, _limit);
        }

        if (!_isWrapped && size > _limit - _tail && size <= _head - _start)
        {
            (_end, _tail, _isWrapped) = (_tail, _start, true);
        }

        place = _tail;
        if (size > (_isWrapped ? _head : _limit) - _tail)
        {
            return false;
        }

        _tail += size;
        return true;
    }

    /// <summary>Lets the oldest record go. Its memory stays as it is until a record is appended.</summary>
    /// <param name="size">Its size in units.</param>
    public void RemoveOldest(uint size)
    {
        _head += size;
        if (_isWrapped && _head == _end)
        {
            (_head, _end, _isWrapped) = (_start, _limit, false);
        }
    }
}
