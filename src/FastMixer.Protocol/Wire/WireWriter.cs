using System.Buffers.Binary;
using FastMixer.Protocol.Words;
using MessagePack;

namespace FastMixer.Protocol.Wire;

/// <summary>
/// A cursor that writes one message into a span. A span that is too short makes <see cref="TryComplete"/> answer false, and what was
/// written void: the caller tries again with a longer one, or with less to say. Always writes the shortest format.
/// </summary>
public ref struct WireWriter
{
    private readonly Span<byte> _span;
    private readonly bool _framed;
    private int _position;
    private bool _overflowed;

    /// <summary>A cursor at the start of a span.</summary>
    /// <param name="span">Where the message goes.</param>
    /// <param name="framed">Whether a length prefix comes first, as on streams.</param>
    public WireWriter(Span<byte> span, bool framed)
    {
        _span = span;
        _framed = framed;
        _position = 0;
        _overflowed = false;
        if (framed)
        {
            Reserve(WireFormat.LengthPrefixBytes);
        }
    }

    private readonly Span<byte> Rest => _span[_position..];

    /// <summary>Ends the message, and fills the length prefix in.</summary>
    /// <param name="written">The bytes of the message with its prefix; 0 if they do not fit.</param>
    /// <returns>False if the span is too short.</returns>
    public readonly bool TryComplete(out int written)
    {
        written = _overflowed ? 0 : _position;
        if (_framed && !_overflowed)
        {
            BinaryPrimitives.WriteInt32BigEndian(_span, _position - WireFormat.LengthPrefixBytes);
        }

        return !_overflowed;
    }

    /// <summary>Writes the header of an array.</summary>
    /// <param name="count">Its elements.</param>
    public void WriteArrayHeader(int count) => Take(MessagePackPrimitives.TryWriteArrayHeader(Rest, (uint)count, out int size), size);

    /// <summary>Writes the header of a map.</summary>
    /// <param name="count">Its entries.</param>
    public void WriteMapHeader(int count) => Take(MessagePackPrimitives.TryWriteMapHeader(Rest, (uint)count, out int size), size);

    /// <summary>Writes an integer.</summary>
    /// <param name="value">The integer.</param>
    public void Write(long value) => Take(MessagePackPrimitives.TryWrite(Rest, value, out int size), size);

    /// <summary>Writes an unsigned integer.</summary>
    /// <param name="value">The integer.</param>
    public void Write(ulong value) => Take(MessagePackPrimitives.TryWrite(Rest, value, out int size), size);

    /// <summary>Writes a duration as the messages carry it: whole milliseconds, rounded down, within 0 … 2^32 − 1.</summary>
    /// <param name="duration">The duration.</param>
    internal void WriteMilliseconds(TimeSpan duration) => Write(Math.Clamp(duration.Ticks / TimeSpan.TicksPerMillisecond, 0, uint.MaxValue));

    /// <summary>Writes a float 64.</summary>
    /// <param name="value">The number.</param>
    public void Write(double value) => Take(MessagePackPrimitives.TryWrite(Rest, value, out int size), size);

    /// <summary>Writes a bool.</summary>
    /// <param name="value">The bool.</param>
    public void Write(bool value) => Take(MessagePackPrimitives.TryWrite(Rest, value, out int size), size);

    /// <summary>Writes a nil.</summary>
    public void WriteNil() => Take(MessagePackPrimitives.TryWriteNil(Rest, out int size), size);

    /// <summary>Writes a str.</summary>
    /// <param name="utf8">Its bytes.</param>
    public void WriteString(scoped ReadOnlySpan<byte> utf8)
    {
        WriteStringHeader(utf8.Length);
        WriteRaw(utf8);
    }

    /// <summary>Writes the header of a str, whose bytes must follow.</summary>
    /// <param name="length">Its bytes.</param>
    internal void WriteStringHeader(int length) => Take(MessagePackPrimitives.TryWriteStringHeader(Rest, (uint)length, out int size), size);

    /// <summary>Writes a bin.</summary>
    /// <param name="bytes">Its bytes.</param>
    public void WriteBytes(scoped ReadOnlySpan<byte> bytes)
    {
        Take(MessagePackPrimitives.TryWriteBinHeader(Rest, (uint)bytes.Length, out int size), size);
        WriteRaw(bytes);
    }

    /// <summary>Writes an ext.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="payload">Its bytes.</param>
    public void WriteExtension(sbyte type, scoped ReadOnlySpan<byte> payload)
    {
        Take(MessagePackPrimitives.TryWriteExtensionFormatHeader(Rest, new ExtensionHeader(type, (uint)payload.Length), out int size), size);
        WriteRaw(payload);
    }

    /// <summary>Writes a string where only a string can stand: as its word if the peer knows that, else as text.</summary>
    /// <param name="utf8">The string.</param>
    /// <param name="wordCount">How many words the peer knows.</param>
    public void WriteWordOrString(scoped ReadOnlySpan<byte> utf8, int wordCount) =>
        WriteWordOrString(utf8, WordList.Standard.IndexOf(utf8), wordCount);

    /// <summary>Writes a string whose word the caller knows.</summary>
    /// <param name="utf8">The string.</param>
    /// <param name="word">Its word, or 0 if it is none.</param>
    /// <param name="wordCount">How many words the peer knows.</param>
    public void WriteWordOrString(scoped ReadOnlySpan<byte> utf8, int word, int wordCount)
    {
        if (word > 0 && word <= wordCount)
        {
            Write(word);
        }
        else
        {
            WriteString(utf8);
        }
    }

    /// <summary>Writes bytes that are MessagePack already.</summary>
    /// <param name="encoded">One or more whole values.</param>
    public void WriteRaw(scoped ReadOnlySpan<byte> encoded)
    {
        if (!_overflowed && encoded.TryCopyTo(Rest))
        {
            _position += encoded.Length;
        }
        else
        {
            _overflowed = true;
        }
    }

    private void Reserve(int bytes)
    {
        _overflowed = bytes > _span.Length;
        _position = _overflowed ? 0 : bytes;
    }

    private void Take(bool fits, int size)
    {
        if (fits && !_overflowed)
        {
            _position += size;
        }
        else
        {
            _overflowed = true;
        }
    }
}
