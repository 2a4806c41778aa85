using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using FastMixer.Protocol.Buffers;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;

namespace FastMixer.Protocol.Attributes;

/// <summary>
/// Writes the attributes of bags as messages carry them (protocol.md, section 5), with the words of version 1, which every server knows. Thread-safe; no member
/// allocates.
/// </summary>
/// <param name="vocabulary">What slots mean.</param>
public sealed class AttributeEncoder(Vocabulary vocabulary)
{
    private const int LeastRoom = 512;

    private readonly Name[] _names = [.. vocabulary.Definitions.Select(definition => Name.Of(definition.Name))];

    /// <summary>Writes the map of what a bag says beyond a root: set attributes with their values, and nil for those that the root has and the bag does not.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="bag">The bag.</param>
    /// <param name="root">What the receiver has already; null for nothing.</param>
    public void WriteMap(ref WireWriter writer, AttributeBag bag, AttributeBag? root)
    {
        writer.WriteMapHeader(bag.CountSaid(root));
        for (int slot = 0; bag.TryFindSaid(ref slot, root, out bool isSet); slot++)
        {
            WriteName(ref writer, slot);
            if (isSet)
            {
                WriteValue(ref writer, slot, bag);
            }
            else
            {
                writer.WriteNil();
            }
        }
    }

    /// <summary>Appends the map of what a bag says beyond a root.</summary>
    /// <param name="buffer">Where to; grows as needed.</param>
    /// <param name="bag">The bag.</param>
    /// <param name="root">What the receiver has already; null for nothing.</param>
    public void WriteMap(PooledBuffer buffer, AttributeBag bag, AttributeBag? root)
    {
        for (int room = LeastRoom; ; room = checked(room * 2))
        {
            var writer = new WireWriter(buffer.GetSpan(room), framed: false);
            WriteMap(ref writer, bag, root);
            if (writer.TryComplete(out int written))
            {
                buffer.Advance(written);
                return;
            }
        }
    }

    /// <summary>Writes the map of what is not as in the record before (protocol.md, section 3, report): changed attributes, and nil for those that are gone.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="bag">The record.</param>
    /// <param name="previous">The record before.</param>
    /// <returns>How many attributes it has.</returns>
    public int WriteDelta(ref WireWriter writer, AttributeBag bag, AttributeBag previous)
    {
        Span<ulong> changed = stackalloc ulong[(vocabulary.Count + 63) / 64];
        Span<ulong> gone = stackalloc ulong[changed.Length];
        changed.Clear();
        gone.Clear();
        int count = 0;
        for (int slot = 0; bag.TryFindChange(ref slot, previous, out bool isSet); slot++, count++)
        {
            (isSet ? changed : gone)[slot >> 6] |= 1ul << slot;
        }

        writer.WriteMapHeader(count);
        for (int word = 0; word < changed.Length; word++)
        {
            for (ulong left = changed[word] | gone[word]; left != 0; left &= left - 1)
            {
                int slot = (word << 6) + BitOperations.TrailingZeroCount(left);
                WriteName(ref writer, slot);
                if ((changed[word] & (1ul << slot)) != 0)
                {
                    WriteValue(ref writer, slot, bag);
                }
                else
                {
                    writer.WriteNil();
                }
            }
        }

        return count;
    }

    /// <summary>Writes the name of an attribute.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="slot">The attribute.</param>
    public void WriteName(ref WireWriter writer, int slot)
    {
        ref readonly Name name = ref _names[slot];
        if (name.Word > 0)
        {
            writer.Write(name.Word);
        }
        else
        {
            writer.WriteString(name.Text);
        }
    }

    /// <summary>Writes the value of an attribute.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="slot">The attribute.</param>
    /// <param name="bag">Has it, itself or by inheritance.</param>
    public void WriteValue(ref WireWriter writer, int slot, AttributeBag bag)
    {
        AttributeType type = vocabulary[slot].Type;
        if (type.IsNumber())
        {
            bag.TryGetInt64(slot, out long number);
            WriteNumber(ref writer, type, number);
        }
        else if (type == AttributeType.StringMap)
        {
            WriteStringMap(ref writer, slot, bag);
        }
        else
        {
            bag.TryGetBytes(slot, out ReadOnlySpan<byte> bytes);
            WriteBytes(ref writer, type, bytes);
        }
    }

    private static void WriteNumber(ref WireWriter writer, AttributeType type, long number)
    {
        Span<byte> payload = stackalloc byte[TimestampFormat.MaxPayloadBytes];
        switch (type)
        {
            case AttributeType.Double:
                writer.Write(BitConverter.Int64BitsToDouble(number));
                break;
            case AttributeType.Bool:
                writer.Write(number != 0);
                break;
            case AttributeType.Timestamp:
                writer.WriteExtension(WireFormat.TimestampExtension, payload[..TimestampFormat.Encode(number, payload)]);
                break;
            case AttributeType.Duration:
                BinaryPrimitives.WriteInt64BigEndian(payload, number);
                writer.WriteExtension(WireFormat.DurationExtension, payload[..sizeof(long)]);
                break;
            default:
                writer.Write(number);
                break;
        }
    }

    private static void WriteBytes(ref WireWriter writer, AttributeType type, ReadOnlySpan<byte> bytes)
    {
        if (type == AttributeType.Bytes)
        {
            writer.WriteBytes(bytes);
        }
        else if (type == AttributeType.IpAddress)
        {
            writer.WriteExtension(WireFormat.IpAddressExtension, bytes);
        }
        else
        {
            WriteText(ref writer, bytes);
        }
    }

    private static void WriteText(ref WireWriter writer, ReadOnlySpan<byte> utf8)
    {
        int word = WordOf(utf8);
        if (word == 0)
        {
            writer.WriteString(utf8);
            return;
        }

        Span<byte> index = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(index, (ushort)word);
        writer.WriteExtension(WireFormat.WordExtension, word <= byte.MaxValue ? index[1..] : index);
    }

    private static void WriteStringMap(ref WireWriter writer, int slot, AttributeBag bag)
    {
        int count = bag.MapCount(slot);
        writer.WriteMapHeader(count);
        for (int i = 0; i < count; i++)
        {
            bag.GetMapEntry(slot, i, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value);
            WriteWordOrString(ref writer, key);
            WriteWordOrString(ref writer, value);
        }
    }

    private static void WriteWordOrString(ref WireWriter writer, ReadOnlySpan<byte> utf8)
    {
        int word = WordOf(utf8);
        if (word > 0)
        {
            writer.Write(word);
        }
        else
        {
            writer.WriteString(utf8);
        }
    }

    private static int WordOf(ReadOnlySpan<byte> utf8)
    {
        int word = WordList.Standard.IndexOf(utf8);
        return word <= WordList.Version1Count ? Math.Max(word, 0) : 0;
    }

    private readonly record struct Name(int Word, byte[] Text)
    {
        public static Name Of(string name)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(name);
            return new Name(WordOf(utf8), utf8);
        }
    }
}
