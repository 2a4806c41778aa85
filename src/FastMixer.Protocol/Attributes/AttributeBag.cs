using System.Buffers;
using FastMixer.Protocol.Buffers;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;

namespace FastMixer.Protocol.Attributes;

/// <summary>
/// The attributes of one request: a copy of the message's bytes, and by slot where in it each value is. Nothing is made into a string or
/// object; text, bytes and addresses are slices of the copy or of the word list. Only attributes of the <see cref="Selection"/> are kept.
/// <para>A bag is reused: <see cref="Reset"/>, <see cref="Load(ReadOnlySpan{byte})"/>, decode, read. It belongs to one thread at a time, and
/// spans read from it are valid until the next <see cref="Reset"/>. No member allocates once the bag has grown to its messages.</para>
/// </summary>
public sealed partial class AttributeBag : IDisposable
{
    // Kept while the bag rests: 64 KiB, as much as of its bytes.
    private const int KeptEntries = 4096;
    private const int FewEntries = 32;

    private readonly PooledBuffer _bytes = new();
    private long[] _values = [];
    private ulong[] _present = [];
    private ulong[] _removed = [];
    private MapEntry[] _entries = new MapEntry[FewEntries];
    private int _entryCount;

    /// <summary>An empty bag.</summary>
    /// <param name="selection">What to keep.</param>
    public AttributeBag(AttributeSelection selection)
    {
        Selection = selection;
        Resize();
    }

    /// <summary>What the bag keeps of what it decodes.</summary>
    public AttributeSelection Selection { get; private set; }

    /// <summary>
    /// What is inherited where this bag has no value of its own and none was removed: a connection's base attributes. Must have the same
    /// vocabulary, and must not change while this bag is read.
    /// </summary>
    public AttributeBag? Base { get; private set; }

    /// <summary>The message the bag holds, as <see cref="Load(ReadOnlySpan{byte})"/> copied it.</summary>
    public ReadOnlySpan<byte> Body => _bytes.Written;

    /// <summary>The message as memory, valid as long as <see cref="Body"/>.</summary>
    internal ReadOnlyMemory<byte> BodyMemory => _bytes.WrittenMemory;

    /// <summary>Empties the bag for the next message.</summary>
    /// <param name="selection">What to keep of it.</param>
    /// <param name="inherited">The base attributes, or null.</param>
    public void Reset(AttributeSelection selection, AttributeBag? inherited = null)
    {
        bool grown = selection.Vocabulary.Count > _values.Length;
        Selection = selection;
        Base = inherited;
        _bytes.Reset();
        _entryCount = 0;
        if (_entries.Length > KeptEntries)
        {
            _entries = new MapEntry[FewEntries];
        }

        if (grown)
        {
            Resize();
        }
        else
        {
            Array.Clear(_present);
            Array.Clear(_removed);
        }
    }

    /// <summary>Copies a message into the bag, to be decoded from there.</summary>
    /// <param name="body">The message's body.</param>
    /// <returns>A reader over the copy.</returns>
    public WireReader Load(ReadOnlySpan<byte> body)
    {
        _bytes.Write(body);
        return new WireReader(_bytes.Written);
    }

    /// <summary>Copies a message that may lie in several segments into the bag, to be decoded from there.</summary>
    /// <param name="body">The message's body.</param>
    /// <returns>A reader over the copy.</returns>
    public WireReader Load(in ReadOnlySequence<byte> body)
    {
        _bytes.Write(body);
        return new WireReader(_bytes.Written);
    }

    /// <summary>Becomes a copy of another bag, with the same <see cref="Base"/>. Allocates only to grow.</summary>
    /// <param name="other">The other bag.</param>
    public void CopyFrom(AttributeBag other)
    {
        Reset(other.Selection, other.Base);
        _bytes.Write(other.Body);
        other._values.AsSpan(0, Selection.Vocabulary.Count).CopyTo(_values);
        other._present.AsSpan(0, BitWords).CopyTo(_present);
        other._removed.AsSpan(0, BitWords).CopyTo(_removed);
        if (other._entryCount > _entries.Length)
        {
            _entries = new MapEntry[other._entryCount];
        }

        other._entries.AsSpan(0, other._entryCount).CopyTo(_entries);
        _entryCount = other._entryCount;
    }

    /// <summary>Whether the attribute is present, here or inherited.</summary>
    /// <param name="slot">A slot of the vocabulary. One outside the <see cref="Selection"/> is never present.</param>
    public bool Contains(int slot) => Owner(slot) is not null;

    /// <summary>An INT64, TIMESTAMP (nanoseconds since 1970) or DURATION (nanoseconds).</summary>
    /// <param name="slot">A slot of such a type.</param>
    /// <param name="value">The value.</param>
    /// <returns>False if it is absent.</returns>
    public bool TryGetInt64(int slot, out long value)
    {
        AttributeBag? owner = Owner(slot);
        value = owner is null ? 0 : owner._values[slot];
        return owner is not null;
    }

    /// <summary>A DOUBLE.</summary>
    /// <param name="slot">A slot of that type.</param>
    /// <param name="value">The value.</param>
    /// <returns>False if it is absent.</returns>
    public bool TryGetDouble(int slot, out double value)
    {
        bool found = TryGetInt64(slot, out long bits);
        value = BitConverter.Int64BitsToDouble(bits);
        return found;
    }

    /// <summary>A BOOL.</summary>
    /// <param name="slot">A slot of that type.</param>
    /// <param name="value">The value.</param>
    /// <returns>False if it is absent.</returns>
    public bool TryGetBool(int slot, out bool value)
    {
        bool found = TryGetInt64(slot, out long bit);
        value = bit != 0;
        return found;
    }

    /// <summary>The bytes of text (UTF-8), BYTES, or an IP_ADDRESS (4 or 16, network order).</summary>
    /// <param name="slot">A slot of such a type.</param>
    /// <param name="value">The bytes.</param>
    /// <returns>False if it is absent.</returns>
    public bool TryGetBytes(int slot, out ReadOnlySpan<byte> value)
    {
        AttributeBag? owner = Owner(slot);
        value = owner is null ? default : owner.Resolve(owner._values[slot]);
        return owner is not null;
    }

    /// <summary>The number of entries of a STRING_MAP, 0 if it is absent.</summary>
    /// <param name="slot">A slot of that type.</param>
    public int MapCount(int slot) => Owner(slot) is { } owner ? Slice.Length(owner._values[slot]) : 0;

    /// <summary>One entry of a STRING_MAP, in the order of the message.</summary>
    /// <param name="slot">A slot of that type, whose attribute is present.</param>
    /// <param name="index">0 … <see cref="MapCount"/> − 1.</param>
    /// <param name="key">The key, UTF-8.</param>
    /// <param name="value">The value, UTF-8.</param>
    public void GetMapEntry(int slot, int index, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        AttributeBag owner = Owner(slot) ?? throw new InvalidOperationException($"{Selection.Vocabulary[slot].Name} is absent.");
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Slice.Length(owner._values[slot]));
        ref readonly MapEntry entry = ref owner._entries[Slice.Offset(owner._values[slot]) + index];
        key = owner.Resolve(entry.Key);
        value = owner.Resolve(entry.Value);
    }

    /// <summary>The value of one key of a STRING_MAP.</summary>
    /// <param name="slot">A slot of that type.</param>
    /// <param name="key">The key, UTF-8.</param>
    /// <param name="value">The value, UTF-8.</param>
    /// <returns>False if the attribute or the key is absent.</returns>
    public bool TryGetMapValue(int slot, ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        AttributeBag? owner = Owner(slot);
        if (owner is not null)
        {
            long map = owner._values[slot];
            foreach (ref readonly MapEntry entry in owner._entries.AsSpan(Slice.Offset(map), Slice.Length(map)))
            {
                if (Slice.Length(entry.Key) == key.Length && owner.Resolve(entry.Key).SequenceEqual(key))
                {
                    value = owner.Resolve(entry.Value);
                    return true;
                }
            }
        }

        value = default;
        return false;
    }

    /// <summary>Gives the memory back. The bag may be used again after a <see cref="Reset"/>.</summary>
    public void Dispose() => _bytes.Dispose();

    /// <summary>Removes an attribute, also one that would be inherited.</summary>
    /// <param name="slot">A slot of the vocabulary.</param>
    public void Remove(int slot)
    {
        _present[slot >> 6] &= ~(1ul << slot);
        _removed[slot >> 6] |= 1ul << slot;
    }

    /// <summary>Sets a number, or any value that fits 64 bits.</summary>
    internal void SetScalar(int slot, long value)
    {
        _values[slot] = value;
        _present[slot >> 6] |= 1ul << slot;
    }

    /// <summary>Sets a value that is a slice of <see cref="Body"/>.</summary>
    internal void SetSlice(int slot, int offset, int length) => SetScalar(slot, Slice.InBody(offset, length));

    /// <summary>Sets a value that is a word.</summary>
    internal void SetWord(int slot, int word) => SetScalar(slot, Slice.OfWord(word));

    /// <summary>Begins a string map of so many entries, to be filled through the span.</summary>
    internal Span<MapEntry> BeginMap(int slot, int count)
    {
        // A map that a later record replaces leaves its entries to the new one, so that reports need no more than their largest record.
        if ((_present[slot >> 6] & (1ul << slot)) != 0 && count <= Slice.Length(_values[slot]))
        {
            int reused = Slice.Offset(_values[slot]);
            SetScalar(slot, Slice.InBody(reused, count));
            return _entries.AsSpan(reused, count);
        }

        int start = _entryCount;
        if (start + count > _entries.Length)
        {
            Array.Resize(ref _entries, Math.Max(_entries.Length * 2, start + count));
        }

        _entryCount += count;
        SetScalar(slot, Slice.InBody(start, count));
        return _entries.AsSpan(start, count);
    }

    /// <summary>The bytes that a slice stands for.</summary>
    internal ReadOnlySpan<byte> Resolve(long slice)
    {
        int offset = Slice.Offset(slice);
        return offset >= 0
            ? _bytes.Written.Slice(offset, Slice.Length(slice))
            : WordList.Standard.Text.Slice(~offset, Slice.Length(slice));
    }

    private int BitWords => (Selection.Vocabulary.Count + 63) / 64;

    private AttributeBag? Owner(int slot)
    {
        ulong bit = 1ul << slot;
        int word = slot >> 6;
        if ((_present[word] & bit) != 0)
        {
            return this;
        }

        return (_removed[word] & bit) == 0 ? Base?.Owner(slot) : null;
    }

    private void Resize()
    {
        int count = Selection.Vocabulary.Count;
        _values = new long[count];
        _present = new ulong[BitWords];
        _removed = new ulong[BitWords];
    }
}

/// <summary>One key and value of a string map; each a <see cref="Slice"/>.</summary>
internal struct MapEntry
{
    /// <summary>Where the key is.</summary>
    public long Key;

    /// <summary>Where the value is.</summary>
    public long Value;
}

/// <summary>
/// Where some bytes are, packed into 64 bits: the offset above, the length below. An offset below zero is the complement of one into the text
/// of the word list; for a map, offset and length count entries.
/// </summary>
internal static class Slice
{
    /// <summary>A slice of the bag's body.</summary>
    public static long InBody(int offset, int length) => ((long)offset << 32) | (uint)length;

    /// <summary>The slice of the word list's text that is a word.</summary>
    public static long OfWord(int word)
    {
        (int offset, int length) = WordList.Standard.Locate(word);
        return ((long)~offset << 32) | (uint)length;
    }

    /// <summary>The offset.</summary>
    public static int Offset(long slice) => (int)(slice >> 32);

    /// <summary>The length.</summary>
    public static int Length(long slice) => (int)(slice & 0x7fff_ffff);
}
