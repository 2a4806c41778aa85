using System.Buffers.Binary;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Caching.Keys;

/// <summary>
/// A cursor that writes values of a bag so that no two different sequences of values of the same types come out as the same bytes: numbers, times, durations
/// and doubles as their 64 bits, everything of no fixed length behind its length. An IPv4 address has 4 bytes and its v4-mapped form 16, and both
/// stand behind their length; so they differ, as does an empty text from one that is absent, which is not written at all.
/// </summary>
internal ref struct KeyWriter
{
    private readonly Span<byte> _destination;

    /// <summary>A cursor at the start of a span.</summary>
    public KeyWriter(Span<byte> destination) => _destination = destination;

    /// <summary>How many bytes are written.</summary>
    public int Length { get; private set; }

    /// <summary>Whether the span was too short; what was written is void then.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Writes what a part of a set depends on.</summary>
    /// <param name="part">The part; that it is to be present is what its value is for.</param>
    /// <param name="bag">The request.</param>
    /// <returns>False if the request does not agree with the part: it has what should be absent, or lacks what should be present.</returns>
    public bool TryWrite(ReferencePart part, AttributeBag bag)
    {
        if (part.Key is { } key)
        {
            bool found = bag.TryGetMapValue(part.Slot, key, out ReadOnlySpan<byte> value);
            if (found && part.IsPresent)
            {
                WriteBytes(value);
            }

            // A key that is absent was looked for in a map that is there.
            return found == part.IsPresent && (found || bag.Contains(part.Slot));
        }

        return part.IsPresent ? TryWriteValue(part.Slot, part.Type, bag) : !bag.Contains(part.Slot);
    }

    /// <summary>Writes what a look-up finds, whatever that is; what is absent is one byte that no value begins with.</summary>
    public void WriteFound(ReferencePart part, AttributeBag bag)
    {
        int start = Length;
        WriteByte(1);
        bool found = part.Key is { } key
            ? bag.TryGetMapValue(part.Slot, key, out ReadOnlySpan<byte> value) && WriteBytes(value)
            : TryWriteValue(part.Slot, part.Type, bag);
        if (!found && !IsTooLong)
        {
            Length = start;
            WriteByte(0);
        }
    }

    /// <summary>Writes a number.</summary>
    public void WriteUInt32(uint value)
    {
        if (TryTake(sizeof(uint), out Span<byte> room))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(room, value);
        }
    }

    private bool TryWriteValue(int slot, AttributeType type, AttributeBag bag)
    {
        switch (type)
        {
            case AttributeType.Int64 or AttributeType.Timestamp or AttributeType.Duration or AttributeType.Double or AttributeType.Bool:
                return bag.TryGetInt64(slot, out long number) && WriteInt64(number);
            case AttributeType.StringMap:
                return bag.Contains(slot) && WriteMap(slot, bag);
            default:
                return bag.TryGetBytes(slot, out ReadOnlySpan<byte> bytes) && WriteBytes(bytes);
        }
    }

    // In the order of the message: the same entries in another order are another key, which costs a miss and is never wrong.
    private bool WriteMap(int slot, AttributeBag bag)
    {
        int count = bag.MapCount(slot);
        WriteUInt32((uint)count);
        for (int i = 0; i < count && !IsTooLong; i++)
        {
            bag.GetMapEntry(slot, i, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value);
            WriteBytes(key);
            WriteBytes(value);
        }

        return true;
    }

    private bool WriteInt64(long value)
    {
        if (TryTake(sizeof(long), out Span<byte> room))
        {
            BinaryPrimitives.WriteInt64LittleEndian(room, value);
        }

        return true;
    }

    private bool WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteUInt32((uint)bytes.Length);
        if (TryTake(bytes.Length, out Span<byte> room))
        {
            bytes.CopyTo(room);
        }

        return true;
    }

    private void WriteByte(byte value)
    {
        if (TryTake(1, out Span<byte> room))
        {
            room[0] = value;
        }
    }

    private bool TryTake(int length, out Span<byte> room)
    {
        IsTooLong |= length > _destination.Length - Length;
        room = IsTooLong ? default : _destination.Slice(Length, length);
        Length += IsTooLong ? 0 : length;
        return !IsTooLong;
    }
}
