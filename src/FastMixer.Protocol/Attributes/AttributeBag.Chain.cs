using System.Numerics;

namespace FastMixer.Protocol.Attributes;

/// <content>Bags that inherit from one another, seen as one: what a client does with the attributes of a request over those that it prepared.</content>
public sealed partial class AttributeBag
{
    /// <summary>
    /// The next attribute that is said here or by what this bag inherits, down to a root that is not looked at: one that is set, or one that is removed although
    /// the root has it. No allocation.
    /// </summary>
    /// <param name="slot">The slot to go on from, 0 at first; then the attribute's, to be raised by one by the caller.</param>
    /// <param name="root">Where looking ends; null for the end of the chain.</param>
    /// <param name="isSet">Whether it is set; else it is removed.</param>
    /// <returns>False if there is none from that slot on.</returns>
    public bool TryFindSaid(ref int slot, AttributeBag? root, out bool isSet)
    {
        int word = slot >> 6;
        ulong mask = slot >= Selection.Vocabulary.Count ? 0 : ulong.MaxValue << (slot & 63);
        for (; word < BitWords; word++, mask = ulong.MaxValue)
        {
            (ulong set, ulong removed) = Said(word, root);
            ulong said = (set | (removed & (root?.AllSet(word) ?? 0))) & mask;
            if (said != 0)
            {
                slot = (word << 6) + BitOperations.TrailingZeroCount(said);
                isSet = (set & (1ul << slot)) != 0;
                return true;
            }
        }

        isSet = false;
        return false;
    }

    /// <summary>How many attributes <see cref="TryFindSaid"/> finds. No allocation.</summary>
    /// <param name="root">Where looking ends; null for the end of the chain.</param>
    public int CountSaid(AttributeBag? root)
    {
        int count = 0;
        for (int word = 0; word < BitWords; word++)
        {
            (ulong set, ulong removed) = Said(word, root);
            count += BitOperations.PopCount(set | (removed & (root?.AllSet(word) ?? 0)));
        }

        return count;
    }

    /// <summary>
    /// The next attribute that is not as in another bag, whether here or inherited: one that is set, to another value or only here, or one that only the other has.
    /// Maps whose entries stand in another order count as different. No allocation.
    /// </summary>
    /// <param name="slot">The slot to go on from, 0 at first; then the attribute's, to be raised by one by the caller.</param>
    /// <param name="other">The other bag, of the same vocabulary.</param>
    /// <param name="isSet">Whether it is set here; else only the other has it.</param>
    /// <returns>False if there is none from that slot on.</returns>
    public bool TryFindChange(ref int slot, AttributeBag other, out bool isSet)
    {
        int word = slot >> 6;
        ulong mask = slot >= Selection.Vocabulary.Count ? 0 : ulong.MaxValue << (slot & 63);
        for (; word < BitWords; word++, mask = ulong.MaxValue)
        {
            ulong here = AllSet(word);
            for (ulong left = (here | other.AllSet(word)) & mask; left != 0; left &= left - 1)
            {
                slot = (word << 6) + BitOperations.TrailingZeroCount(left);
                isSet = (here & (1ul << slot)) != 0;
                if (!isSet || !HasSameValue(slot, other))
                {
                    return true;
                }
            }
        }

        isSet = false;
        return false;
    }

    /// <summary>Sets an attribute to what another bag has, here or inherited. Its value is copied.</summary>
    /// <param name="slot">The attribute, present there.</param>
    /// <param name="from">The other bag, of the same vocabulary.</param>
    public void SetFrom(int slot, AttributeBag from)
    {
        AttributeType type = Selection.Vocabulary[slot].Type;
        if (type == AttributeType.StringMap)
        {
            SetMap(slot, from, slot);
        }
        else if (type.IsNumber())
        {
            from.TryGetInt64(slot, out long number);
            SetNumber(slot, number);
        }
        else
        {
            from.TryGetBytes(slot, out ReadOnlySpan<byte> bytes);
            SetBytes(slot, bytes);
        }
    }

    /// <summary>Takes over what it inherits from another bag, so that it inherits from a root alone.</summary>
    /// <param name="inherited">What it inherits from now.</param>
    /// <param name="root">What that inherits from in the end; null for nothing.</param>
    public void Absorb(AttributeBag inherited, AttributeBag? root)
    {
        for (int slot = 0; inherited.TryFindSaid(ref slot, root, out bool isSet); slot++)
        {
            if (HasOwn(slot) || (_removed[slot >> 6] & (1ul << slot)) != 0)
            {
                continue;
            }

            if (isSet)
            {
                SetFrom(slot, inherited);
            }
            else
            {
                Remove(slot);
            }
        }

        Base = root;
    }

    private bool HasSameValue(int slot, AttributeBag other)
    {
        AttributeBag? owner = Owner(slot);
        AttributeBag? otherOwner = other.Owner(slot);
        if (owner is null || otherOwner is null || owner == otherOwner)
        {
            return owner == otherOwner;
        }

        AttributeType type = Selection.Vocabulary[slot].Type;
        long value = owner._values[slot];
        long otherValue = otherOwner._values[slot];
        return type.IsNumber()
            ? value == otherValue
            : type == AttributeType.StringMap
                ? owner.HasSameEntries(value, otherOwner, otherValue)
                : owner.Resolve(value).SequenceEqual(otherOwner.Resolve(otherValue));
    }

    private bool HasSameEntries(long map, AttributeBag other, long otherMap)
    {
        if (Slice.Length(map) != Slice.Length(otherMap))
        {
            return false;
        }

        for (int i = 0; i < Slice.Length(map); i++)
        {
            ref readonly MapEntry entry = ref _entries[Slice.Offset(map) + i];
            ref readonly MapEntry otherEntry = ref other._entries[Slice.Offset(otherMap) + i];
            if (!Resolve(entry.Key).SequenceEqual(other.Resolve(otherEntry.Key)) || !Resolve(entry.Value).SequenceEqual(other.Resolve(otherEntry.Value)))
            {
                return false;
            }
        }

        return true;
    }

    private (ulong Set, ulong Removed) Said(int word, AttributeBag? root)
    {
        ulong set = 0;
        ulong removed = 0;
        for (AttributeBag? bag = this; bag is not null && bag != root; bag = bag.Base)
        {
            removed |= bag._removed[word] & ~(set | bag._present[word]);
            set |= bag._present[word] & ~removed;
        }

        return (set, removed);
    }

    private ulong AllSet(int word) => Said(word, root: null).Set;
}
