using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FastMixer.Caching.Stripes;

/// <summary>
/// What a reader needs of a stripe. Any number of threads read at any time, beside the one that writes.
/// <para>
/// Why no reader can take a torn entry for a whole one. A writer changes the slot that leads to a record before it reuses the record's memory, with a
/// store barrier between; and makes a record's version odd before it replaces the value in place, and even after, with store barriers between. A reader
/// loads the slot, then the version, both with acquire; copies; and behind a load barrier loads both again. Had a byte that it copied been written
/// after it loaded the slot, then the change of slot or version before that byte is seen by the loads behind the barrier. On x64, whose loads stay in
/// order among themselves and its stores too, the barriers only bind the compiler; on ARM64 they are instructions, and a second acquire load would
/// not do in their place: it would let the copying loads sink below it. A slot takes the same content twice only after 2^20 records of its stripe,
/// and then the version must agree too, which counts them with 31 bits.
/// </para>
/// </summary>
internal readonly unsafe struct StripeReader
{
    // A writer needs a fraction of a microsecond to replace a value. One that was interrupted meanwhile makes the entry absent, not the reader wait.
    private const int MaxAttempts = 64;
    private const int PauseIterations = 4;

    // Slot or version changed while the record was read.
    private const CacheLookup Torn = (CacheLookup)(-1);

    private readonly ulong* _slots;
    private readonly byte* _records;
    private readonly int* _uses;
    private readonly uint _buckets;
    private readonly uint _units;

    /// <summary>A reader of a stripe, which must be held as long.</summary>
    /// <param name="table">Its slots.</param>
    /// <param name="records">Its records.</param>
    /// <param name="units">How many units the records have.</param>
    public StripeReader(SlotTable table, byte* records, uint units)
    {
        _slots = table.Slots;
        _uses = table.Uses;
        _buckets = table.Buckets;
        _records = records;
        _units = units;
    }

    /// <inheritdoc cref="StripedCache.TryGet"/>
    [SkipLocalsInit]
    public CacheLookup TryGet(ulong hash, ReadOnlySpan<byte> key, long now, Span<byte> destination, out CacheEntry entry)
    {
        CacheLookup result = TryOnce(hash, key, now, destination, out entry);
        return result == Torn ? TryAgain(hash, key, now, destination, out entry) : result;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private CacheLookup TryAgain(ulong hash, ReadOnlySpan<byte> key, long now, Span<byte> destination, out CacheEntry entry)
    {
        entry = default;
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            Thread.SpinWait(PauseIterations);
            CacheLookup result = TryOnce(hash, key, now, destination, out entry);
            if (result != Torn)
            {
                return result;
            }
        }

        return CacheLookup.Absent;
    }

    private CacheLookup TryOnce(ulong hash, ReadOnlySpan<byte> key, long now, Span<byte> destination, out CacheEntry entry)
    {
        CacheLookup result = TryBucket(SlotTable.First(hash, _buckets), hash, key, now, destination, out entry);
        return result == CacheLookup.Absent
            ? TryBucket(SlotTable.Second(hash, _buckets), hash, key, now, destination, out entry)
            : result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private CacheLookup TryBucket(uint start, ulong hash, ReadOnlySpan<byte> key, long now, Span<byte> destination, out CacheEntry entry)
    {
        // All eight tags at once; whether a slot is read whole by that is of no account, since each candidate is loaded again.
        Vector512<ulong> tags = Vector512.Load(_slots + start) >> Slot.TagShift;
        ulong candidates = Vector512.Equals(tags, Vector512.Create(Slot.Tag(hash))).ExtractMostSignificantBits();
        while (candidates != 0)
        {
            uint index = start + (uint)BitOperations.TrailingZeroCount(candidates);
            ulong slot = Volatile.Read(ref _slots[index]);
            if (slot != 0)
            {
                CacheLookup result = TryRecord(index, slot, hash, key, now, destination, out entry);
                if (result != CacheLookup.Absent)
                {
                    return result;
                }
            }

            candidates &= candidates - 1;
        }

        entry = default;
        return CacheLookup.Absent;
    }

    private CacheLookup TryRecord(
        uint index, ulong slot, ulong hash, ReadOnlySpan<byte> key, long now, Span<byte> destination, out CacheEntry entry)
    {
        uint place = Slot.Place(slot);
        var record = (RecordHeader*)(_records + ((ulong)place * RecordHeader.UnitBytes));
        uint version = Volatile.Read(ref record->Version);
        int keyLength = record->KeyLength;
        int valueLength = record->ValueLength;
        long expires = record->Expires;
        uint life = record->Life;

        // Lengths may be any bytes by now: nothing is read beyond the stripe's memory whatever they are.
        if (record->Hash != hash || keyLength != key.Length || place + RecordHeader.UnitsOf(keyLength, valueLength) > _units
            || !key.SequenceEqual(new ReadOnlySpan<byte>((byte*)record + RecordHeader.Bytes, keyLength)))
        {
            entry = default;
            Volatile.ReadBarrier();
            return Slot.IsSameRecord(Volatile.Read(ref _slots[index]), slot) ? CacheLookup.Absent : Torn;
        }

        CacheLookup result = CacheLookup.Found;
        if (now >= expires)
        {
            result = CacheLookup.Expired;
        }
        else if (valueLength > destination.Length)
        {
            result = CacheLookup.TooLong;
        }
        else
        {
            new ReadOnlySpan<byte>((byte*)record + RecordHeader.Bytes + keyLength, valueLength).CopyTo(destination);
        }

        int usesLeft = -1;
        Volatile.ReadBarrier();
        if (!IsUnchanged(index, slot, record, version))
        {
            result = Torn;
        }
        else if (result == CacheLookup.Found)
        {
            if (Slot.IsBounded(slot))
            {
                result = TakeUse(index, slot, record, version, out usesLeft);
            }

            CountHit(index, slot);
        }

        entry = new CacheEntry(valueLength, expires, life, usesLeft);
        return result;
    }

    private bool IsUnchanged(uint index, ulong slot, RecordHeader* record, uint version) =>
        record->Version == version && (version & 1) == 0 && Slot.IsSameRecord(_slots[index], slot);

    // A use may be taken from the entry that came after the one that was read: then the reader begins again, and that use is lost, never granted twice.
    private CacheLookup TakeUse(uint index, ulong slot, RecordHeader* record, uint version, out int left)
    {
        int seen = Volatile.Read(ref _uses[index]);
        CacheLookup result = CacheLookup.UsedUp;
        while (seen > 0 && result == CacheLookup.UsedUp)
        {
            int before = Interlocked.CompareExchange(ref _uses[index], seen - 1, seen);
            result = before == seen ? CacheLookup.Found : CacheLookup.UsedUp;
            seen = before;
        }

        left = Math.Max(seen - 1, 0);
        Volatile.ReadBarrier();
        return IsUnchanged(index, slot, record, version) ? result : Torn;
    }

    // An entry that is hit often is not written at all. What another thread changed meanwhile stays: one hit more or less is of no account.
    private void CountHit(uint index, ulong slot)
    {
        if (!Slot.IsSaturated(slot))
        {
            Interlocked.CompareExchange(ref _slots[index], Slot.WithHit(slot), slot);
        }
    }
}
