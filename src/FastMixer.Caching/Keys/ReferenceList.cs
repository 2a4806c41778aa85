namespace FastMixer.Caching.Keys;

/// <summary>The look-ups of one verdict, gathered to find their set. Reused; belongs to one thread at a time; no allocation once grown.</summary>
public sealed class ReferenceList
{
    private byte[] _keys = new byte[256];
    private Item[] _items = new Item[16];
    private int _keyBytes;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Stands for all of them, in whatever order they came.</summary>
    public UInt128 Fingerprint { get; private set; }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Count = 0;
        Fingerprint = UInt128.Zero;
        _keyBytes = 0;
    }

    /// <summary>Adds a look-up that is not there yet.</summary>
    /// <param name="slot">The attribute's slot.</param>
    /// <param name="hasKey">Whether it is about one key of a map.</param>
    /// <param name="key">The key, UTF-8, which is copied; ignored otherwise.</param>
    /// <param name="present">Whether something was found.</param>
    public void Add(int slot, bool hasKey, ReadOnlySpan<byte> key, bool present)
    {
        Fingerprint += LookupFingerprint.Of(slot, hasKey, key, present);
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        _items[Count++] = new Item(slot, hasKey, _keyBytes, hasKey ? key.Length : 0, present);
        if (hasKey)
        {
            if (_keyBytes + key.Length > _keys.Length)
            {
                Array.Resize(ref _keys, Math.Max(_keys.Length * 2, _keyBytes + key.Length));
            }

            key.CopyTo(_keys.AsSpan(_keyBytes));
            _keyBytes += key.Length;
        }
    }

    /// <summary>Whether the look-ups are just those of a set. No allocation.</summary>
    internal bool IsSameAs(ReferenceSet set)
    {
        if (set.Count != Count)
        {
            return false;
        }

        foreach (ref readonly Item item in _items.AsSpan(0, Count))
        {
            if (!set.Contains(item.Slot, item.HasKey, Key(item), item.Present))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The look-ups, in the order that sets have. Allocates.</summary>
    internal ReferencePart[] ToParts(Protocol.Attributes.Vocabulary vocabulary)
    {
        var parts = new ReferencePart[Count];
        for (int i = 0; i < Count; i++)
        {
            Item item = _items[i];
            parts[i] = new ReferencePart(item.Slot, item.HasKey ? Key(item).ToArray() : null, item.Present, vocabulary[item.Slot].Type);
        }

        Array.Sort(parts, static (left, right) => left.CompareTo(right.Slot, right.Key is not null, right.Key, right.IsPresent));
        return parts;
    }

    private ReadOnlySpan<byte> Key(in Item item) => _keys.AsSpan(item.KeyOffset, item.KeyLength);

    private readonly record struct Item(int Slot, bool HasKey, int KeyOffset, int KeyLength, bool Present);
}
