using FastMixer.Protocol.Words;

namespace FastMixer.Protocol.Attributes;

/// <summary>Finds a key that stands twice in a string map, at a cost that grows with the entries and not with their square.</summary>
internal static class MapKeys
{
    // Below this, comparing each with each is cheaper than a table.
    private const int FewEntries = 12;
    private const int MostTableSlots = 1024;

    /// <summary>Whether two entries have the same key.</summary>
    /// <param name="bag">What the slices point into.</param>
    /// <param name="entries">The map's entries.</param>
    public static bool HasDuplicate(AttributeBag bag, ReadOnlySpan<MapEntry> entries) =>
        entries.Length <= FewEntries ? HasDuplicateByPairs(bag, entries) : HasDuplicateByTable(bag, entries);

    private static bool HasDuplicateByPairs(AttributeBag bag, ReadOnlySpan<MapEntry> entries)
    {
        for (int i = 1; i < entries.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (SameKey(bag, entries[i].Key, entries[j].Key))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool HasDuplicateByTable(AttributeBag bag, ReadOnlySpan<MapEntry> entries)
    {
        int slots = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)entries.Length * 2);
        Span<int> table = slots <= MostTableSlots ? stackalloc int[MostTableSlots] : new int[slots];
        table[..slots].Clear();
        for (int i = 0; i < entries.Length; i++)
        {
            int place = Utf8Comparer.Hash(bag.Resolve(entries[i].Key)) & (slots - 1);
            while (table[place] != 0)
            {
                if (SameKey(bag, entries[i].Key, entries[table[place] - 1].Key))
                {
                    return true;
                }

                place = (place + 1) & (slots - 1);
            }

            table[place] = i + 1;
        }

        return false;
    }

    private static bool SameKey(AttributeBag bag, long left, long right) =>
        Slice.Length(left) == Slice.Length(right) && bag.Resolve(left).SequenceEqual(bag.Resolve(right));
}
