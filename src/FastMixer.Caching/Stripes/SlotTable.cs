using System.Runtime.CompilerServices;

namespace FastMixer.Caching.Stripes;

/// <summary>
/// The slots of a stripe, by which records are found: buckets of eight, a cache line each, two buckets for a hash. Beside each slot stands how many uses
/// its entry has left. One writer at a time; readers have a <see cref="StripeReader"/>.
/// </summary>
internal sealed unsafe class SlotTable
{
    /// <summary>How many slots a bucket has.</summary>
    public const int BucketSlots = 8;

    // A second bucket is taken only when the first is this full, so that most look-ups touch one line.
    private const int Crowded = BucketSlots - 1;

    // This part of the slots is used when the stripe is full: then about one insertion of a thousand finds both its buckets full.
    private const double Load = 0.62;

    private readonly AlignedMemory _slotMemory;
    private readonly AlignedMemory _useMemory;

    /// <summary>An empty table.</summary>
    /// <param name="entries">How many entries it is for.</param>
    public SlotTable(int entries)
    {
        Buckets = BucketsFor(entries);
        _slotMemory = new AlignedMemory((long)Buckets * BucketSlots * sizeof(ulong));
        _useMemory = new AlignedMemory((long)Buckets * BucketSlots * sizeof(int));
    }

    /// <summary>How many buckets it has.</summary>
    public uint Buckets { get; }

    /// <summary>The slots, for readers.</summary>
    public ulong* Slots => (ulong*)_slotMemory.Start;

    /// <summary>The uses that are left, for each slot; below 0 is not in use.</summary>
    public int* Uses => (int*)_useMemory.Start;

    /// <summary>How much memory it takes.</summary>
    public long Bytes => _slotMemory.Bytes + _useMemory.Bytes;

    /// <summary>How many buckets a table for so many entries has.</summary>
    public static uint BucketsFor(int entries) => (uint)Math.Ceiling(entries / Load / BucketSlots) + 1;

    /// <summary>The first bucket of a hash, as the index of its first slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint First(ulong hash, uint buckets) => (uint)(((hash & uint.MaxValue) * buckets) >> 32) * BucketSlots;

    /// <summary>The other bucket of a hash, which may be the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Second(ulong hash, uint buckets) =>
        (uint)((((hash * 0x9E3779B97F4A7C15ul) >> 32) * buckets) >> 32) * BucketSlots;

    /// <summary>Finds the slot of a record.</summary>
    /// <param name="hash">Its hash.</param>
    /// <param name="place">Where it is.</param>
    /// <param name="index">The slot's index.</param>
    /// <returns>False if no slot leads to it any more.</returns>
    public bool TryFindRecord(ulong hash, uint place, out uint index)
    {
        uint start = First(hash, Buckets);
        for (int bucket = 0; bucket < 2; bucket++, start = Second(hash, Buckets))
        {
            for (index = start; index < start + BucketSlots; index++)
            {
                if (Slots[index] != 0 && Slot.Place(Slots[index]) == place)
                {
                    return true;
                }
            }
        }

        index = 0;
        return false;
    }

    /// <summary>Finds a free slot for a hash.</summary>
    /// <param name="hash">The hash.</param>
    /// <param name="index">The slot's index.</param>
    /// <returns>False if both buckets are full.</returns>
    public bool TryFindFree(ulong hash, out uint index)
    {
        int used = CountUsed(First(hash, Buckets), out index);
        if (used >= Crowded)
        {
            int usedOfSecond = CountUsed(Second(hash, Buckets), out uint other);
            if (usedOfSecond < used)
            {
                (used, index) = (usedOfSecond, other);
            }
        }

        return used < BucketSlots;
    }

    /// <summary>Of all slots of a hash, the one whose entry was hit least.</summary>
    /// <param name="hash">The hash.</param>
    public uint FindLeastHit(ulong hash)
    {
        uint least = First(hash, Buckets);
        uint start = least;
        for (int bucket = 0; bucket < 2; bucket++, start = Second(hash, Buckets))
        {
            for (uint index = start; index < start + BucketSlots; index++)
            {
                if (Slot.Frequency(Slots[index]) < Slot.Frequency(Slots[least]))
                {
                    least = index;
                }
            }
        }

        return least;
    }

    /// <summary>Makes a slot lead to a record. All that was written of the record before is seen by whoever sees the slot.</summary>
    /// <param name="index">The slot's index.</param>
    /// <param name="slot">Its content.</param>
    public void Publish(uint index, ulong slot) => Volatile.Write(ref Slots[index], slot);

    /// <summary>Frees a slot.</summary>
    /// <param name="index">The slot's index.</param>
    public void Clear(uint index) => Volatile.Write(ref Slots[index], 0);

    private int CountUsed(uint start, out uint free)
    {
        int used = 0;
        free = start;
        for (uint index = start; index < start + BucketSlots; index++)
        {
            if (Slots[index] == 0)
            {
                free = index;
            }
            else
            {
                used++;
            }
        }

        return used;
    }
}
