using FastMixer.Caching.Admission;

namespace FastMixer.Caching.Stripes;

/// <summary>
/// Who goes when room is needed. New records go to the small ring. The oldest there moves on to the main ring if it was hit, or has been asked for more often than
/// what the main ring would lose for it; else it goes. What comes back soon after it went is put into the main ring at once. The main ring's oldest
/// stays for as many rounds as it was hit, up to three. For the writer only.
/// <para>
/// The two rings and the return: S3-FIFO (Yang, Zhang, Qiu, Yue, Rashmi, "FIFO queues are all you need for cache eviction", SOSP 2023). The question of
/// who was asked for more often: TinyLFU (Einziger, Friedman, Manes, ACM TOS 2017). Hits reach the sketch late, when the ring's end comes to the entry that
/// counted them, so that readers need not write it.
/// </para>
/// </summary>
internal sealed unsafe class Eviction
{
    // So many records are kept on at most before one is let go whatever its hits: writers do not search long.
    private const int MaxSecondChances = 64;

    private readonly StripeMemory _memory;
    private readonly GhostList _ghosts;
    private readonly FrequencySketch _sketch;
    private int _entries;
    private double _smallPart;
    private int _smallEntries;
    private uint _boundary;

    /// <summary>Nobody has gone yet.</summary>
    /// <param name="memory">The stripe's memory.</param>
    /// <param name="entries">How many entries it may have.</param>
    /// <param name="smallPart">The part of room and entries that is for what came lately: the memory's rings are so already.</param>
    public Eviction(StripeMemory memory, int entries, double smallPart)
    {
        _memory = memory;
        _ghosts = new GhostList(entries);
        _sketch = new FrequencySketch(entries);
        _boundary = memory.Main.Start;
        SetLimits(entries, smallPart);
    }

    /// <summary>How many entries had to go, time and uses left.</summary>
    public long Evicted { get; private set; }

    /// <summary>How much memory it takes, in bytes.</summary>
    public long Bytes => _ghosts.Bytes + _sketch.Bytes;

    /// <summary>The owner's clock as far as it is known.</summary>
    public long Now { get; set; } = long.MinValue;

    /// <summary>Where the small ring ends and the main ring begins, in units.</summary>
    /// <param name="units">All room for records.</param>
    /// <param name="smallPart">The part that is for what came lately.</param>
    public static uint BoundaryOf(uint units, double smallPart) => (uint)(units * smallPart);

    /// <summary>Changes the limits. Entries and rings follow while room is made.</summary>
    /// <param name="entries">How many entries there may be, at most as many as at first.</param>
    /// <param name="smallPart">The part of room and entries that is for what came lately.</param>
    public void SetLimits(int entries, double smallPart)
    {
        _entries = entries;
        _smallEntries = Math.Max(1, (int)(entries * smallPart));
        if (smallPart != _smallPart)
        {
            _smallPart = smallPart;
            _boundary = BoundaryOf(_memory.Units, smallPart);
        }
    }

    /// <summary>Takes note of a new entry, and finds room for it.</summary>
    /// <param name="hash">The key's hash.</param>
    /// <param name="units">The size of its record.</param>
    /// <param name="place">The room.</param>
    /// <param name="isReturned">Whether it went not long ago.</param>
    /// <returns>The ring that has the room.</returns>
    public RecordRing Admit(ulong hash, uint units, out uint place, out bool isReturned)
    {
        MoveBoundary();
        _sketch.Add(hash);
        isReturned = _ghosts.TryTake(hash);
        RecordRing ring = isReturned || units > _memory.Small.Capacity ? _memory.Main : _memory.Small;
        place = MakeRoom(ring, units);
        return ring;
    }

    /// <summary>Finds room in a ring.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="units">How much, at most as much as the ring has.</param>
    public uint MakeRoom(RecordRing ring, uint units)
    {
        while (_memory.Count >= _entries)
        {
            EvictOldest(_memory.Small.Count > _smallEntries || _memory.Main.Count == 0 ? _memory.Small : _memory.Main);
        }

        uint place;
        while (!ring.TryAppend(units, out place))
        {
            EvictOldest(ring);
        }

        return place;
    }

    /// <summary>Finds a free slot.</summary>
    /// <param name="hash">The hash that it is for.</param>
    public uint MakeSlot(ulong hash)
    {
        if (!_memory.Table.TryFindFree(hash, out uint index))
        {
            index = _memory.Table.FindLeastHit(hash);
            Evict(index, _memory.RingOf(index));
        }

        return index;
    }

    // One ring gives, record by record, before the other takes.
    private void MoveBoundary()
    {
        if (_boundary > _memory.Small.Limit)
        {
            _memory.Main.ShrinkTo(_boundary, _memory.Units);
            _memory.Small.Grow(0, _memory.Main.Start);
        }
        else if (_boundary < _memory.Main.Start)
        {
            _memory.Small.ShrinkTo(0, _boundary);
            _memory.Main.Grow(_memory.Small.Limit, _memory.Units);
        }
    }

    private void EvictOldest(RecordRing ring)
    {
        if (ring == _memory.Small)
        {
            EvictOldestOfSmall();
        }
        else
        {
            EvictOldestOfMain();
        }
    }

    private void EvictOldestOfSmall()
    {
        uint oldest = _memory.Small.Oldest;
        RecordHeader* record = _memory.RecordAt(oldest);
        (ulong hash, uint units) = (record->Hash, record->Units);
        bool isEntry = _memory.Table.TryFindRecord(hash, oldest, out uint index);
        _memory.Small.RemoveOldest(units);
        if (!isEntry)
        {
            return;
        }

        if (IsOver(index) || !IsWorthMain(index, hash, units))
        {
            Evict(index, _memory.Small);
            return;
        }

        uint place;
        while (!_memory.Main.TryAppend(units, out place))
        {
            EvictOldestOfMain();
        }

        _memory.Move(index, _memory.Small, _memory.Main, place, frequency: 0);
    }

    private void EvictOldestOfMain()
    {
        if (TryFindVictim(out uint index))
        {
            uint units = _memory.RecordOf(index)->Units;
            Evict(index, _memory.Main);
            _memory.Main.RemoveOldest(units);
        }
    }

    // Whether an entry of the small ring was hit there, or is asked for more often than what would have to go for it.
    private bool IsWorthMain(uint index, ulong hash, uint units)
    {
        int frequency = Slot.Frequency(_memory.Table.Slots[index]);
        for (int i = 0; i < frequency; i++)
        {
            _sketch.Add(hash);
        }

        bool isFull = _memory.Count >= _entries || !_memory.Main.HasRoom(units);
        return frequency > 0 || !isFull || !TryFindVictim(out uint victim) || IsOver(victim)
            || _sketch.Estimate(hash) > _sketch.Estimate(_memory.RecordOf(victim)->Hash);
    }

    // Brings the main ring to where its oldest record is an entry that has to go next. False if there is none, or one went already.
    private bool TryFindVictim(out uint index)
    {
        index = 0;
        for (int kept = 0; !_memory.Main.IsEmpty;)
        {
            uint oldest = _memory.Main.Oldest;
            RecordHeader* record = _memory.RecordAt(oldest);
            (ulong hash, uint units) = (record->Hash, record->Units);
            if (!_memory.Table.TryFindRecord(hash, oldest, out index))
            {
                _memory.Main.RemoveOldest(units);
                continue;
            }

            int frequency = Slot.Frequency(_memory.Table.Slots[index]);
            if (frequency == 0 || kept++ == MaxSecondChances || IsOver(index))
            {
                return true;
            }

            _sketch.Add(hash);
            _memory.Main.RemoveOldest(units);

            // Where the ring's end leaves no room, the entry goes: once a round, and while the ring becomes smaller.
            if (!_memory.Main.TryAppend(units, out uint place))
            {
                Evict(index, _memory.Main);
                return false;
            }

            _memory.Move(index, _memory.Main, _memory.Main, place, frequency - 1);
        }

        return false;
    }

    private bool IsOver(uint index) =>
        _memory.RecordOf(index)->Expires <= Now || (Slot.IsBounded(_memory.Table.Slots[index]) && _memory.Table.Uses[index] == 0);

    private void Evict(uint index, RecordRing ring)
    {
        if (!IsOver(index))
        {
            Evicted++;
            _ghosts.Add(_memory.RecordOf(index)->Hash);
        }

        _memory.Forget(index, ring);
    }
}
