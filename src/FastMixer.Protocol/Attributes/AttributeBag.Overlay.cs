namespace FastMixer.Protocol.Attributes;

/// <content>
/// Attributes that are not decoded but set, over those of another bag: what a policy adds to a request. Values are copied in; nothing allocates
/// once the bag has grown.
/// </content>
public sealed partial class AttributeBag
{
    /// <summary>Whether the attribute is present here, and not only inherited.</summary>
    /// <param name="slot">A slot of the vocabulary.</param>
    public bool HasOwn(int slot) => (_present[slot >> 6] & (1ul << slot)) != 0;

    /// <summary>Sets an INT64, TIMESTAMP, DURATION, the bits of a DOUBLE, or a BOOL as 0 or 1.</summary>
    /// <param name="slot">A slot of such a type.</param>
    /// <param name="value">The value.</param>
    public void SetNumber(int slot, long value) => SetScalar(slot, value);

    /// <summary>Sets text, BYTES or an IP_ADDRESS.</summary>
    /// <param name="slot">A slot of such a type.</param>
    /// <param name="value">The bytes, which are copied.</param>
    public void SetBytes(int slot, ReadOnlySpan<byte> value) => SetScalar(slot, Append(value));

    /// <summary>Sets a STRING_MAP.</summary>
    /// <param name="slot">A slot of that type.</param>
    /// <param name="entries">Keys and values, UTF-8, which are copied; keys must be distinct.</param>
    public void SetMap(int slot, ReadOnlySpan<KeyValuePair<byte[], byte[]>> entries)
    {
        Span<MapEntry> map = BeginMap(slot, entries.Length);
        for (int i = 0; i < entries.Length; i++)
        {
            map[i] = new MapEntry { Key = Append(entries[i].Key), Value = Append(entries[i].Value) };
        }
    }

    /// <inheritdoc cref="SetMap(int, ReadOnlySpan{KeyValuePair{byte[], byte[]}})"/>
    public void SetMap(int slot, ReadOnlySpan<KeyValuePair<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>> entries)
    {
        Span<MapEntry> map = BeginMap(slot, entries.Length);
        for (int i = 0; i < entries.Length; i++)
        {
            map[i] = new MapEntry { Key = Append(entries[i].Key.Span), Value = Append(entries[i].Value.Span) };
        }
    }

    /// <summary>Sets a STRING_MAP to another bag's.</summary>
    /// <param name="slot">A slot of that type.</param>
    /// <param name="from">The other bag.</param>
    /// <param name="fromSlot">The map there; <see cref="Vocabulary.NoSlot"/> for an empty one.</param>
    public void SetMap(int slot, AttributeBag from, int fromSlot)
    {
        int count = fromSlot == Vocabulary.NoSlot ? 0 : from.MapCount(fromSlot);
        Span<MapEntry> map = BeginMap(slot, count);
        for (int i = 0; i < count; i++)
        {
            from.GetMapEntry(fromSlot, i, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value);
            map[i] = new MapEntry { Key = Append(key), Value = Append(value) };
        }
    }

    private long Append(ReadOnlySpan<byte> bytes)
    {
        int offset = _bytes.Length;
        _bytes.Write(bytes);
        return Slice.InBody(offset, bytes.Length);
    }
}
