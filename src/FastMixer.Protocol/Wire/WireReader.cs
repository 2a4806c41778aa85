using System.Buffers.Binary;
using System.Text.Unicode;
using MessagePack;
using DecodeResult = MessagePack.MessagePackPrimitives.DecodeResult;

namespace FastMixer.Protocol.Wire;

/// <summary>
/// A cursor over the body of one message. Every <c>TryRead</c> answers false at the first thing that is not as expected, and
/// <see cref="Fault"/> then says what; nothing throws, and nothing is sized by a count that the bytes left cannot hold.
/// </summary>
public ref struct WireReader
{
    private readonly ReadOnlySpan<byte> _body;
    private int _position;

    /// <summary>A cursor at the first byte.</summary>
    /// <param name="body">The body; what is read are slices of it.</param>
    public WireReader(ReadOnlySpan<byte> body)
    {
        _body = body;
        _position = 0;
        Fault = default;
    }

    /// <summary>What is wrong, once a read has answered false.</summary>
    public ProtocolFault Fault { get; private set; }

    /// <summary>The offset of the next byte in the body.</summary>
    public readonly int Position => _position;

    /// <summary>Whether all bytes are read.</summary>
    public readonly bool AtEnd => _position == _body.Length;

    private readonly ReadOnlySpan<byte> Rest => _body[_position..];

    /// <summary>The kind of the next value, <see cref="MessagePackType.Unknown"/> at the end.</summary>
    public readonly MessagePackType NextType => AtEnd ? MessagePackType.Unknown : MessagePackCode.ToMessagePackType(_body[_position]);

    /// <summary>Whether the next value is an integer above the signed range: a uint64 with its highest bit set.</summary>
    internal readonly bool NextExceedsInt64 => Rest.Length > 1 && _body[_position] == MessagePackCode.UInt64 && _body[_position + 1] > 0x7f;

    /// <summary>Notes a fault at the next byte.</summary>
    /// <param name="code">Its code.</param>
    /// <param name="problem">What would be right.</param>
    /// <param name="subject">The attribute concerned.</param>
    /// <returns>Always false, to be returned.</returns>
    public bool Fail(ErrorCode code, string problem, string? subject = null)
    {
        if (Fault.Code == ErrorCode.None)
        {
            Fault = new ProtocolFault(code, _position, problem, subject);
        }

        return false;
    }

    /// <summary>Reads the header of an array.</summary>
    /// <param name="count">Its elements; no more than there are bytes left.</param>
    public bool TryReadArrayHeader(out int count)
    {
        DecodeResult result = MessagePackPrimitives.TryReadArrayHeader(Rest, out uint claimed, out int size);
        return Take(result, size, "expected an array") & TryBound(claimed, 1, out count);
    }

    /// <summary>Reads the header of an array.</summary>
    /// <param name="bytesEach">What each element needs at least.</param>
    /// <param name="count">Its elements; no more than the bytes left can hold.</param>
    internal bool TryReadArrayHeader(int bytesEach, out int count)
    {
        count = 0;
        return TryReadArrayClaim(out uint claimed) && TryBound(claimed, bytesEach, out count);
    }

    /// <summary>Reads the header of an array without believing it: the caller must check the count by <see cref="TryBound"/>.</summary>
    /// <param name="claimed">How many elements it claims.</param>
    internal bool TryReadArrayClaim(out uint claimed) =>
        Take(MessagePackPrimitives.TryReadArrayHeader(Rest, out claimed, out int size), size, "expected an array");

    /// <summary>Reads the header of a map.</summary>
    /// <param name="count">Its entries; no more than half the bytes left.</param>
    public bool TryReadMapHeader(out int count)
    {
        DecodeResult result = MessagePackPrimitives.TryReadMapHeader(Rest, out uint claimed, out int size);
        return Take(result, size, "expected a map") & TryBound(claimed, 2, out count);
    }

    /// <summary>Reads an integer in any format that fits 64 bits, signed.</summary>
    /// <param name="value">The integer.</param>
    public bool TryReadInt64(out long value) => TryReadInteger(out value, "expected an integer within 64 bits, signed");

    /// <summary>Reads an unsigned integer below 2^32, in any format.</summary>
    /// <param name="value">The integer.</param>
    public bool TryReadUInt32(out uint value)
    {
        const string Problem = "expected an unsigned integer below 2^32";
        int start = _position;
        bool read = TryReadInteger(out long wide, Problem);
        bool fits = wide is >= 0 and <= uint.MaxValue;
        value = fits ? (uint)wide : 0;
        if (read && !fits)
        {
            _position = start;
            return Fail(ErrorCode.Malformed, Problem);
        }

        return read;
    }

    /// <summary>Reads an unsigned integer below 2^64, in any format.</summary>
    /// <param name="value">The integer.</param>
    public bool TryReadUInt64(out ulong value)
    {
        const string Problem = "expected an unsigned integer below 2^64";
        if (NextExceedsInt64)
        {
            return Take(MessagePackPrimitives.TryReadUInt64(Rest, out value, out int size), size, Problem);
        }

        int start = _position;
        bool read = TryReadInteger(out long signed, Problem);
        value = signed < 0 ? 0 : (ulong)signed;
        if (read && signed < 0)
        {
            _position = start;
            return Fail(ErrorCode.Malformed, Problem);
        }

        return read;
    }

    /// <summary>Reads an integer of 0 to 127 in its one-byte format, and in no other.</summary>
    /// <param name="value">The integer.</param>
    internal bool TryReadFixint(out byte value)
    {
        value = AtEnd ? byte.MaxValue : _body[_position];
        if (value > MessagePackCode.MaxFixInt)
        {
            return Fail(ErrorCode.Malformed, "expected a positive fixint");
        }

        _position++;
        return true;
    }

    /// <summary>Reads a float 64 or float 32.</summary>
    /// <param name="value">The number.</param>
    public bool TryReadDouble(out double value) =>
        Take(MessagePackPrimitives.TryReadDouble(Rest, out value, out int size), size, "expected a float 32 or float 64");

    /// <summary>Reads a bool.</summary>
    /// <param name="value">The bool.</param>
    public bool TryReadBool(out bool value) =>
        Take(MessagePackPrimitives.TryReadBool(Rest, out value, out int size), size, "expected true or false");

    /// <summary>Reads a nil if one is next; leaves anything else.</summary>
    /// <returns>Whether there was a nil.</returns>
    public bool TryReadNil()
    {
        bool isNil = !AtEnd && _body[_position] == MessagePackCode.Nil;
        _position += isNil ? 1 : 0;
        return isNil;
    }

    /// <summary>Reads a str, checking its length and that it is UTF-8.</summary>
    /// <param name="limit">The greatest length allowed, in bytes.</param>
    /// <param name="utf8">Its bytes, a slice of the body.</param>
    public bool TryReadString(int limit, out ReadOnlySpan<byte> utf8)
    {
        DecodeResult result = MessagePackPrimitives.TryReadStringHeader(Rest, out uint length, out int size);
        if (!Take(result, size, "expected a str") || !TryReadRaw(length, limit, out utf8))
        {
            utf8 = default;
            return false;
        }

        return Utf8.IsValid(utf8) || Fail(ErrorCode.InvalidUtf8, "a str must be valid UTF-8");
    }

    /// <summary>Reads a bin.</summary>
    /// <param name="limit">The greatest length allowed, in bytes.</param>
    /// <param name="bytes">Its bytes, a slice of the body.</param>
    public bool TryReadBytes(int limit, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        DecodeResult result = MessagePackPrimitives.TryReadBinHeader(Rest, out uint length, out int size);
        return Take(result, size, "expected a bin") && TryReadRaw(length, limit, out bytes);
    }

    /// <summary>Reads an ext of any type.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="payload">Its bytes, a slice of the body.</param>
    public bool TryReadExtension(out sbyte type, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        DecodeResult result = MessagePackPrimitives.TryReadExtensionHeader(Rest, out ExtensionHeader header, out int size);
        type = header.TypeCode;
        return Take(result, size, "expected an ext") && TryReadRaw(header.Length, int.MaxValue, out payload);
    }

    /// <summary>The type of the ext that is next, without reading it; false if no ext is next.</summary>
    /// <param name="type">Its type.</param>
    public readonly bool TryPeekExtension(out sbyte type)
    {
        bool found = MessagePackPrimitives.TryReadExtensionHeader(Rest, out ExtensionHeader header, out _)
            == DecodeResult.Success;
        type = header.TypeCode;
        return found;
    }

    /// <summary>Reads past one value of any kind, however deep it nests, up to <see cref="ProtocolLimits.MaxDepth"/>.</summary>
    /// <param name="depth">How many arrays and maps are open around the value.</param>
    public bool TrySkip(int depth)
    {
        Span<int> left = stackalloc int[ProtocolLimits.MaxDepth + 1];
        int level = 0;
        left[0] = 1;
        while (true)
        {
            while (left[level] == 0)
            {
                if (level == 0)
                {
                    return true;
                }

                level--;
            }

            left[level]--;
            if (!TrySkipToken(out int children))
            {
                return false;
            }

            if (children >= 0)
            {
                if (depth + level + 1 > ProtocolLimits.MaxDepth)
                {
                    return Fail(ErrorCode.Malformed, "arrays and maps must not nest deeper than 8");
                }

                left[++level] = children;
            }
        }
    }

    /// <summary>Reads an integer that is an index; one above the signed range is the greatest long, which no list reaches.</summary>
    /// <param name="index">The integer.</param>
    internal bool TryReadIndex(out long index)
    {
        index = long.MaxValue;
        return NextExceedsInt64 ? TrySkipInteger() : TryReadInt64(out index);
    }

    /// <summary>Checks that nothing is left.</summary>
    /// <param name="padded">Whether zero bytes may be left, as in a datagram.</param>
    public bool TryReadEnd(bool padded)
    {
        bool clean = padded ? !Rest.ContainsAnyExcept((byte)0) : AtEnd;
        return clean || Fail(ErrorCode.Malformed, padded ? "only zero bytes may follow the message" : "bytes are left over after the message");
    }

    /// <summary>Checks a claimed count against the bytes left.</summary>
    /// <param name="claimed">The count that was claimed.</param>
    /// <param name="bytesEach">What each needs at least.</param>
    /// <param name="count">The count, 0 if it can't be.</param>
    internal bool TryBound(uint claimed, int bytesEach, out int count)
    {
        bool fits = claimed <= (uint)Rest.Length / (uint)bytesEach;
        count = fits ? (int)claimed : 0;
        return fits || Fail(ErrorCode.Malformed, "an array or map claims more elements than there are bytes");
    }

    /// <summary>The eight bytes of a big-endian number.</summary>
    internal static long BigEndian(ReadOnlySpan<byte> eightBytes) => BinaryPrimitives.ReadInt64BigEndian(eightBytes);

    private bool TrySkipToken(out int children)
    {
        children = -1;
        switch (NextType)
        {
            case MessagePackType.Array:
                return TryReadArrayHeader(out children);
            case MessagePackType.Map:
                bool read = TryReadMapHeader(out int entries);
                children = entries * 2;
                return read;
            case MessagePackType.Integer:
                return TrySkipInteger();
            case MessagePackType.Boolean:
                return TryReadBool(out _);
            case MessagePackType.Float:
                return TryReadDouble(out _);
            case MessagePackType.String:
                return Take(MessagePackPrimitives.TryReadStringHeader(Rest, out uint length, out int size), size, "expected a str")
                    && TryReadRaw(length, int.MaxValue, out _);
            case MessagePackType.Binary:
                return TryReadBytes(int.MaxValue, out _);
            case MessagePackType.Extension:
                return TryReadExtension(out _, out _);
            case MessagePackType.Nil:
                return TryReadNil();
            default:
                return Fail(ErrorCode.Malformed, AtEnd ? "the body ends where a value is expected" : "0xc1 begins no value");
        }
    }

    // An integer that nobody reads may be a uint64 beyond the signed range.
    private bool TrySkipInteger() => _body[_position] == MessagePackCode.UInt64
        ? Take(MessagePackPrimitives.TryReadUInt64(Rest, out _, out int size), size, "expected an integer")
        : TryReadInt64(out _);

    // The library throws where an integer does not fit the type asked for, so it is asked only for what fits.
    private bool TryReadInteger(out long value, string problem)
    {
        value = 0;
        return NextExceedsInt64
            ? Fail(ErrorCode.Malformed, problem)
            : Take(MessagePackPrimitives.TryReadInt64(Rest, out value, out int size), size, problem);
    }

    private bool TryReadRaw(uint length, int limit, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (length > (uint)Rest.Length)
        {
            return Fail(ErrorCode.Malformed, "the body ends inside a value");
        }

        if (length > (uint)limit)
        {
            return Fail(ErrorCode.LimitExceeded, "a name or value is longer than the server allows (limits 5 and 6)");
        }

        bytes = Rest[..(int)length];
        _position += (int)length;
        return true;
    }

    private bool Take(DecodeResult result, int size, string problem)
    {
        if (result == DecodeResult.Success)
        {
            _position += size;
            return true;
        }

        return Fail(ErrorCode.Malformed, result is DecodeResult.EmptyBuffer or DecodeResult.InsufficientBuffer ? "the body ends inside a value" : problem);
    }
}
