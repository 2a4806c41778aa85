namespace FastMixer.Caching.Stripes;

/// <summary>
/// A stripe's records in their two rings, and the slots that lead to them: how a writer changes them so that readers never see half of it. For the
/// writer only.
/// </summary>
internal sealed unsafe class StripeMemory
{
    private readonly AlignedMemory _records;
    private uint _stamp;

    /// <summary>Empty memory.</summary>
    /// <param name="bytes">Room for records.</param>
    /// <param name="entries">For how many entries there are slots.</param>
    /// <param name="boundary">Where the small ring ends and the main ring begins, in units.</param>
    public StripeMemory(long bytes, int entries, uint boundary)
    {
        Units = (uint)(bytes / RecordHeader.UnitBytes);
        _records = new AlignedMemory(bytes);
        Table = new SlotTable(entries);
        Small = new RecordRing(0, boundary);
        Main = new RecordRing(boundary, Units);
    }

    /// <summary>How large the room for records is, in units.</summary>
    public uint Units { get; }

    /// <summary>The slots.</summary>
    public SlotTable Table { get; }

    /// <summary>The records of what came lately.</summary>
    public RecordRing Small { get; }

    /// <summary>The records of what proved itself.</summary>
    public RecordRing Main { get; }

    /// <summary>How many entries there are.</summary>
    public int Count => Small.Count + Main.Count;

    /// <summary>All the memory that it takes, in bytes.</summary>
    public long Bytes => _records.Bytes + Table.Bytes;

    /// <summary>A reader of this memory.</summary>
    public StripeReader CreateReader() => new(Table, _records.Start, Units);

    /// <summary>The record at a place.</summary>
    public RecordHeader* RecordAt(uint place) => (RecordHeader*)(_records.Start + ((ulong)place * RecordHeader.UnitBytes));

    /// <summary>The record that a slot leads to.</summary>
    public RecordHeader* RecordOf(uint index) => RecordAt(Slot.Place(Table.Slots[index]));

    /// <summary>The ring that has a slot's record; not to be asked of a record that a ring has let go.</summary>
    public RecordRing RingOf(uint index) => Slot.Place(Table.Slots[index]) < Main.Start ? Small : Main;

    /// <summary>Finds an entry's slot.</summary>
    /// <param name="hash">The key's hash.</param>
    /// <param name="key">The key.</param>
    /// <param name="index">The slot's index.</param>
    public bool TryFind(ulong hash, ReadOnlySpan<byte> key, out uint index)
    {
        uint start = SlotTable.First(hash, Table.Buckets);
        for (int bucket = 0; bucket < 2; bucket++, start = SlotTable.Second(hash, Table.Buckets))
        {
            for (index = start; index < start + SlotTable.BucketSlots; index++)
            {
                ulong slot = Table.Slots[index];
                if (slot != 0 && slot >> Slot.TagShift == Slot.Tag(hash) && IsRecordOf(RecordOf(index), hash, key))
                {
                    return true;
                }
            }
        }

        index = 0;
        return false;
    }

    /// <summary>Writes a new entry into room that a ring has given, and lets a free slot lead to it.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="place">The room.</param>
    /// <param name="index">The slot.</param>
    /// <param name="hash">The key's hash.</param>
    /// <param name="key">The key.</param>
    /// <param name="content">The rest of the entry.</param>
    public void Write(RecordRing ring, uint place, uint index, ulong hash, ReadOnlySpan<byte> key, in EntryContent content)
    {
        // Every slot that led to this memory was changed before: whoever sees the new bytes sees that too.
        Volatile.WriteBarrier();
        RecordHeader* record = RecordAt(place);
        record->Hash = hash;
        record->KeyLength = (ushort)key.Length;
        record->Version = ++_stamp * 2;
        key.CopyTo(new Span<byte>((byte*)record + RecordHeader.Bytes, key.Length));
        WriteContent(index, record, content);
        ring.Count++;
        Table.Publish(index, Slot.Pack(hash, place, _stamp, content.Uses >= 0, frequency: 0));
    }

    /// <summary>Replaces an entry's content by one whose record has the same size, and counts a hit.</summary>
    /// <param name="index">The entry's slot.</param>
    /// <param name="content">The content.</param>
    public void Replace(uint index, in EntryContent content)
    {
        RecordHeader* record = RecordOf(index);
        record->Version++;
        Volatile.WriteBarrier();
        WriteContent(index, record, content);
        ulong slot = Table.Slots[index];
        int frequency = Math.Min(Slot.Frequency(slot) + 1, Slot.MaxFrequency);
        Table.Publish(index, Slot.Pack(record->Hash, Slot.Place(slot), ++_stamp, content.Uses >= 0, frequency));
        Volatile.Write(ref record->Version, record->Version + 1);
    }

    /// <summary>Moves an entry's record into room that a ring has given.</summary>
    /// <param name="index">The entry's slot.</param>
    /// <param name="from">The ring that had it.</param>
    /// <param name="ring">The ring.</param>
    /// <param name="place">The room; it may overlap the record.</param>
    /// <param name="frequency">How often the entry counts as hit from now on.</param>
    public void Move(uint index, RecordRing from, RecordRing ring, uint place, int frequency)
    {
        RecordHeader* record = RecordOf(index);
        RecordHeader* moved = RecordAt(place);
        bool isBounded = Slot.IsBounded(Table.Slots[index]);
        ulong hash = record->Hash;
        long bytes = (long)record->Units * RecordHeader.UnitBytes;
        from.Count--;
        ring.Count++;

        // A record that is moved over itself cannot be read meanwhile.
        if (Math.Abs((byte*)moved - (byte*)record) < bytes)
        {
            Table.Clear(index);
        }

        Volatile.WriteBarrier();
        Buffer.MemoryCopy(record, moved, bytes, bytes);
        moved->Version = ++_stamp * 2;
        Table.Publish(index, Slot.Pack(hash, place, _stamp, isBounded, frequency));
    }

    /// <summary>Forgets an entry; its record stays behind until it is its ring's oldest.</summary>
    /// <param name="index">The entry's slot.</param>
    /// <param name="ring">The ring that has it.</param>
    public void Forget(uint index, RecordRing ring)
    {
        ring.Count--;
        Table.Clear(index);
    }

    private static bool IsRecordOf(RecordHeader* record, ulong hash, ReadOnlySpan<byte> key) =>
        record->Hash == hash && key.SequenceEqual(new ReadOnlySpan<byte>((byte*)record + RecordHeader.Bytes, record->KeyLength));

    private void WriteContent(uint index, RecordHeader* record, in EntryContent content)
    {
        record->Expires = content.Expires;
        record->Life = content.Life;
        record->ValueLength = (ushort)content.Value.Length;
        content.Value.CopyTo(new Span<byte>((byte*)record + RecordHeader.Bytes + record->KeyLength, content.Value.Length));
        Table.Uses[index] = content.Uses;
    }
}
