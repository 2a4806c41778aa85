using FastMixer.Caching.Admission;

namespace FastMixer.Caching.Stripes;

/// <summary>
/// The writer's side of a stripe: slots, records in two rings, and what decides who stays. New records go to the small ring; those hit there move
/// on to the main ring when they are oldest, and so do those that come back soon after they left; the main ring keeps what was hit since it was last oldest. (S3-FIFO: Yang,
/// Zhang, Qiu, Yue, Rashmi, "FIFO queues are all you need for cache eviction", SOSP 2023.) Every member may be called from any thread: one lock.
/// </summary>
internal sealed unsafe class Stripe
{
    // Of memory and entries, this part is for what came lately.
    private const double SmallPart = 0.1;

    // So many records are kept on at most before one is let go whatever its hits: writers do not search long.
    private const int MaxSecondChances = 64;

    private readonly Lock _lock = new();
    private readonly AlignedMemory _records;
    private readonly SlotTable _table;
    private readonly RecordRing _small;
    private readonly RecordRing _main;
    private readonly GhostList _ghosts;
    private readonly int _entries;
    private readonly int _smallEntries;
    private long _stored;
    private long _evicted;
    private long _tooLarge;
    private uint _stamp;

    /// <summary>An empty stripe.</summary>
    /// <param name="bytes">Room for records.</param>
    /// <param name="entries">How many entries it may have.</param>
    public Stripe(long bytes, int entries)
    {
        uint units = (uint)(bytes / RecordHeader.UnitBytes);
        uint smallUnits = (uint)(units * SmallPart);
        _entries = entries;
        _smallEntries = Math.Max(1, (int)(entries * SmallPart));
        _records = new AlignedMemory(bytes);
        _table = new SlotTable(entries);
        _small = new RecordRing(0, smallUnits);
        _main = new RecordRing(smallUnits, units - smallUnits);
        _ghosts = new GhostList(entries);
        Reader = new StripeReader(_table, _records.Start, units);
    }

    /// <summary>For readers; valid as long as this object is held.</summary>
    public StripeReader Reader { get; }

    /// <summary>All memory that the stripe takes.</summary>
    public long Bytes => _records.Bytes + _table.Bytes + _ghosts.Bytes;

    /// <summary>What it did.</summary>
    public CacheCounts Counts
    {
        get
        {
            lock (_lock)
            {
                return new CacheCounts(_small.Count + _main.Count, _stored, _evicted, _tooLarge);
            }
        }
    }

    /// <inheritdoc cref="StripedCache.Set"/>
    public CacheStore Set(ulong hash, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long expires, uint life, int uses)
    {
        lock (_lock)
        {
            if (IsTooLarge(key, value))
            {
                _tooLarge++;
                Remove(hash, key);
                return CacheStore.TooLarge;
            }

            _stored++;
            if (!TryFind(hash, key, out uint index))
            {
                bool isReturned = _ghosts.TryTake(hash, out bool _);
                Insert(isReturned ? _main : _small, hash, key, value, expires, life, uses);
                return isReturned ? CacheStore.Returned : CacheStore.Added;
            }

            RecordHeader* record = RecordOf(_table.Slots[index]);
            if (record->Units == RecordHeader.UnitsOf(key.Length, value.Length))
            {
                ReplaceInPlace(index, record, value, expires, life, uses);
            }
            else
            {
                RecordRing ring = RingOf(_table.Slots[index]);
                Forget(index);
                Insert(ring, hash, key, value, expires, life, uses);
            }

            return CacheStore.Replaced;
        }
    }

    /// <inheritdoc cref="StripedCache.TryAmend"/>
    public bool TryAmend(ulong hash, ReadOnlySpan<byte> key, ReadOnlySpan<byte> known, ReadOnlySpan<byte> changed)
    {
        lock (_lock)
        {
            if (!TryFind(hash, key, out uint index))
            {
                return false;
            }

            RecordHeader* record = RecordOf(_table.Slots[index]);
            var value = new Span<byte>((byte*)record + RecordHeader.Bytes + record->KeyLength, record->ValueLength);
            if (!value.StartsWith(known))
            {
                return false;
            }

            // See StripeReader for the order of these stores.
            record->Version++;
            Volatile.WriteBarrier();
            changed.CopyTo(value);
            Volatile.Write(ref record->Version, record->Version + 1);
            return true;
        }
    }

    /// <inheritdoc cref="StripedCache.Remove"/>
    public bool Remove(ulong hash, ReadOnlySpan<byte> key)
    {
        lock (_lock)
        {
            if (!TryFind(hash, key, out uint index))
            {
                return false;
            }

            Forget(index);
            return true;
        }
    }

    private bool IsTooLarge(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        key.Length > StripedCache.MaxPartBytes || value.Length > StripedCache.MaxPartBytes
        || RecordHeader.UnitsOf(key.Length, value.Length) > Math.Min(_small.Units, _main.Units);

    private bool TryFind(ulong hash, ReadOnlySpan<byte> key, out uint index)
    {
        uint start = SlotTable.First(hash, _table.Buckets);
        for (int bucket = 0; bucket < 2; bucket++, start = SlotTable.Second(hash, _table.Buckets))
        {
            for (index = start; index < start + SlotTable.BucketSlots; index++)
            {
                ulong slot = _table.Slots[index];
                if (slot != 0 && slot >> Slot.TagShift == Slot.Tag(hash) && IsRecordOf(RecordOf(slot), hash, key))
                {
                    return true;
                }
            }
        }

        index = 0;
        return false;
    }

    private static bool IsRecordOf(RecordHeader* record, ulong hash, ReadOnlySpan<byte> key) =>
        record->Hash == hash && key.SequenceEqual(new ReadOnlySpan<byte>((byte*)record + RecordHeader.Bytes, record->KeyLength));

    // See StripeReader for the order of these stores.
    private void ReplaceInPlace(uint index, RecordHeader* record, ReadOnlySpan<byte> value, long expires, uint life, int uses)
    {
        record->Version++;
        Volatile.WriteBarrier();
        WriteContent(record, value, expires, life);
        _table.Uses[index] = uses;
        ulong slot = _table.Slots[index];
        int frequency = Math.Min(Slot.Frequency(slot) + 1, Slot.MaxFrequency);
        _table.Publish(index, Slot.Pack(record->Hash, Slot.Place(slot), ++_stamp, uses >= 0, frequency));
        Volatile.Write(ref record->Version, record->Version + 1);
    }

    private void Insert(RecordRing ring, ulong hash, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long expires, uint life, int uses)
    {
        uint place = MakeRoom(ring, RecordHeader.UnitsOf(key.Length, value.Length));
        if (!_table.TryFindFree(hash, out uint index))
        {
            index = _table.FindLeastHit(hash);
            Evict(index);
        }

        // Every slot that led to this memory was changed before: whoever sees the new bytes sees that too.
        Volatile.WriteBarrier();
        RecordHeader* record = RecordAt(place);
        record->Hash = hash;
        record->KeyLength = (ushort)key.Length;
        record->Version = ++_stamp * 2;
        key.CopyTo(new Span<byte>((byte*)record + RecordHeader.Bytes, key.Length));
        WriteContent(record, value, expires, life);
        _table.Uses[index] = uses;
        ring.Count++;
        _table.Publish(index, Slot.Pack(hash, place, _stamp, uses >= 0, frequency: 0));
    }

    private static void WriteContent(RecordHeader* record, ReadOnlySpan<byte> value, long expires, uint life)
    {
        record->Expires = expires;
        record->Life = life;
        record->ValueLength = (ushort)value.Length;
        value.CopyTo(new Span<byte>((byte*)record + RecordHeader.Bytes + record->KeyLength, value.Length));
    }

    private uint MakeRoom(RecordRing ring, uint units)
    {
        while (_small.Count + _main.Count >= _entries)
        {
            EvictOldest(_small.Count > _smallEntries || _main.Count == 0 ? _small : _main);
        }

        uint place;
        while (!ring.TryAppend(units, out place))
        {
            EvictOldest(ring);
        }

        return place;
    }

    private void EvictOldest(RecordRing ring)
    {
        if (ring == _small)
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
        RecordHeader* record = RecordAt(_small.Oldest);
        bool isLive = _table.TryFindRecord(record->Hash, _small.Oldest, out uint index);
        _small.RemoveOldest(record->Units);
        if (!isLive)
        {
            return;
        }

        ulong slot = _table.Slots[index];
        if (Slot.Frequency(slot) == 0)
        {
            Evict(index);
            return;
        }

        uint place;
        _small.Count--;
        while (!_main.TryAppend(record->Units, out place))
        {
            EvictOldestOfMain();
        }

        Move(index, record, place, frequency: 0);
        _main.Count++;
    }

    private void EvictOldestOfMain()
    {
        for (int kept = 0; ; kept++)
        {
            uint oldest = _main.Oldest;
            RecordHeader* record = RecordAt(oldest);
            bool isLive = _table.TryFindRecord(record->Hash, oldest, out uint index);
            uint units = record->Units;
            _main.RemoveOldest(units);
            if (!isLive)
            {
                return;
            }

            ulong slot = _table.Slots[index];
            int frequency = Slot.Frequency(slot);

            // Where the ring's end leaves no room, the entry goes: once a round at most.
            if (frequency == 0 || kept == MaxSecondChances || !_main.TryAppend(units, out uint place))
            {
                Evict(index);
                return;
            }

            Move(index, record, place, frequency - 1);
        }
    }

    private void Move(uint index, RecordHeader* record, uint place, int frequency)
    {
        bool isBounded = Slot.IsBounded(_table.Slots[index]);
        ulong hash = record->Hash;
        long bytes = (long)record->Units * RecordHeader.UnitBytes;
        RecordHeader* moved = RecordAt(place);

        // A record that is moved over itself cannot be read meanwhile.
        if (Math.Abs((byte*)moved - (byte*)record) < bytes)
        {
            _table.Clear(index);
        }

        Volatile.WriteBarrier();
        Buffer.MemoryCopy(record, moved, bytes, bytes);
        moved->Version = ++_stamp * 2;
        _table.Publish(index, Slot.Pack(hash, place, _stamp, isBounded, frequency));
    }

    private void Evict(uint index)
    {
        _evicted++;
        _ghosts.Add(RecordOf(_table.Slots[index])->Hash, RingOf(_table.Slots[index]) == _small);
        Forget(index);
    }

    private void Forget(uint index)
    {
        RingOf(_table.Slots[index]).Count--;
        _table.Clear(index);
    }

    private RecordRing RingOf(ulong slot) => _small.Contains(Slot.Place(slot)) ? _small : _main;

    private RecordHeader* RecordOf(ulong slot) => RecordAt(Slot.Place(slot));

    private RecordHeader* RecordAt(uint place) => (RecordHeader*)(_records.Start + ((ulong)place * RecordHeader.UnitBytes));
}
