using System.Buffers.Binary;
using System.Text;
using FastMixer.Protocol.Buffers;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;

namespace FastMixer.Protocol.Attributes;

/// <summary>
/// Gathers the attributes of one request in their encoded form: what a client says in a hello, a check or a record of a report. Reused
/// after <see cref="Clear"/>; belongs to one thread at a time; allocates nothing once it has grown to its use. An attribute may be written
/// once only. Types are not checked here: the server answers a wrong one with an error.
/// </summary>
public sealed partial class AttributeWriter : IDisposable
{
    private readonly PooledBuffer _encoded = new();
    private readonly int _wordCount;
    private Entry[] _entries = new Entry[16];

    /// <summary>An empty set of attributes.</summary>
    /// <param name="wordCount">How many words the server knows; those of protocol version 1 are always safe.</param>
    public AttributeWriter(int wordCount = WordList.Version1Count) => _wordCount = Math.Min(wordCount, WordList.Standard.Count);

    /// <summary>How many attributes are written.</summary>
    public int Count { get; private set; }

    /// <summary>A copy that goes on as it is, whatever happens to this one. Allocates.</summary>
    public AttributeWriter Copy()
    {
        var copy = new AttributeWriter(_wordCount) { _entries = [.. _entries], Count = Count };
        copy._encoded.Write(_encoded.Written);
        return copy;
    }

    /// <summary>Forgets all attributes.</summary>
    public void Clear()
    {
        _encoded.Reset();
        Count = 0;
    }

    /// <summary>Writes text: a STRING, URI, DNS_NAME or EMAIL_ADDRESS.</summary>
    /// <param name="name">The attribute.</param>
    /// <param name="value">Its value.</param>
    public void Set(string name, string value)
    {
        Begin(name);
        int word = WordList.Standard.IndexOf(value);
        if (word > 0 && word <= _wordCount)
        {
            WriteWordValue(word);
        }
        else
        {
            WriteText(value);
        }

        End();
    }

    /// <summary>Writes text that is UTF-8 already.</summary>
    /// <param name="name">The attribute.</param>
    /// <param name="utf8">Its value.</param>
    public void Set(string name, ReadOnlySpan<byte> utf8)
    {
        Begin(name);
        int word = WordList.Standard.IndexOf(utf8);
        if (word > 0 && word <= _wordCount)
        {
            WriteWordValue(word);
        }
        else
        {
            var writer = Writer(utf8.Length);
            writer.WriteString(utf8);
            Take(writer);
        }

        End();
    }

    /// <summary>Writes an INT64.</summary>
    /// <param name="name">The attribute.</param>
    /// <param name="value">Its value.</param>
    public void Set(string name, long value)
    {
        Begin(name);
        var writer = Writer(0);
        writer.Write(value);
        Take(writer);
        End();
    }

    /// <summary>Writes a DOUBLE.</summary>
    /// <param name="name">The attribute.</param>
    /// <param name="value">Its value.</param>
    public void Set(string name, double value)
    {
        Begin(name);
        var writer = Writer(0);
        writer.Write(value);
        Take(writer);
        End();
    }

    /// <summary>Writes a BOOL.</summary>
    /// <param name="name">The attribute.</param>
    /// <param name="value">Its value.</param>
    public void Set(string name, bool value)
    {
        Begin(name);
        var writer = Writer(0);
        writer.Write(value);
        Take(writer);
        End();
    }

    /// <summary>Writes a TIMESTAMP.</summary>
    /// <param name="name">The attribute.</param>
    /// <param name="nanoseconds">Nanoseconds since 1970-01-01T00:00:00Z.</param>
    public void SetTimestamp(string name, long nanoseconds)
    {
        Span<byte> payload = stackalloc byte[TimestampFormat.MaxPayloadBytes];
        int length = TimestampFormat.Encode(nanoseconds, payload);
        SetExtension(name, WireFormat.TimestampExtension, payload[..length]);
    }

    /// <summary>Writes a DURATION.</summary>
    /// <param name="name">The attribute.</param>
    /// <param name="nanoseconds">Nanoseconds.</param>
    public void SetDuration(string name, long nanoseconds)
    {
        Span<byte> payload = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(payload, nanoseconds);
        SetExtension(name, WireFormat.DurationExtension, payload);
    }

    /// <summary>Writes an IP_ADDRESS.</summary>
    /// <param name="name">The attribute.</param>
    /// <param name="address">4 or 16 bytes, in network order.</param>
    public void SetIpAddress(string name, ReadOnlySpan<byte> address) => SetExtension(name, WireFormat.IpAddressExtension, address);

    /// <summary>Writes BYTES.</summary>
    /// <param name="name">The attribute.</param>
    /// <param name="value">Its value.</param>
    public void SetBytes(string name, ReadOnlySpan<byte> value)
    {
        Begin(name);
        var writer = Writer(value.Length);
        writer.WriteBytes(value);
        Take(writer);
        End();
    }

    /// <summary>Writes a STRING_MAP.</summary>
    /// <param name="name">The attribute.</param>
    /// <param name="entries">Its entries; keys must be distinct.</param>
    public void Set(string name, ReadOnlySpan<KeyValuePair<string, string>> entries)
    {
        BeginMap(name, entries.Length);
        foreach (ref readonly KeyValuePair<string, string> entry in entries)
        {
            WriteName(entry.Key);
            WriteName(entry.Value);
        }

        End();
    }

    /// <summary>Writes a STRING_MAP. Allocates the collection's enumerator.</summary>
    /// <param name="name">The attribute.</param>
    /// <param name="entries">Its entries; keys must be distinct.</param>
    public void Set(string name, IReadOnlyCollection<KeyValuePair<string, string>> entries)
    {
        BeginMap(name, entries.Count);
        foreach (KeyValuePair<string, string> entry in entries)
        {
            WriteName(entry.Key);
            WriteName(entry.Value);
        }

        End();
    }

    /// <summary>Writes that an attribute is absent although the base, or the record before, has it.</summary>
    /// <param name="name">The attribute.</param>
    public void Remove(string name)
    {
        Begin(name);
        var writer = Writer(0);
        writer.WriteNil();
        Take(writer);
        End();
    }

    /// <summary>Writes the attributes as the map that messages carry.</summary>
    /// <param name="writer">Where to.</param>
    public void WriteTo(ref WireWriter writer)
    {
        writer.WriteMapHeader(Count);
        writer.WriteRaw(_encoded.Written);
    }

    /// <summary>The bytes that <see cref="WriteTo"/> needs at most.</summary>
    public int MaxBytes => _encoded.Length + MaxScalarBytes;

    /// <summary>Gives the memory back, and forgets all attributes.</summary>
    public void Dispose()
    {
        // A count without its bytes would be a malformed message, which ends the connection for all who share it.
        Count = 0;
        _encoded.Dispose();
    }

    // Headers and numbers take at most 9 bytes, the header of an ext at most 6.
    private const int MaxScalarBytes = 16;

    private WireWriter Writer(int valueBytes) => new(_encoded.GetSpan(valueBytes + MaxScalarBytes), framed: false);

    private void Take(in WireWriter writer)
    {
        if (!writer.TryComplete(out int written))
        {
            throw new InvalidOperationException("A value outgrew the room kept for it.");
        }

        _encoded.Advance(written);
    }

    private void Begin(string name)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        _entries[Count].Start = _encoded.Length;
        WriteName(name);
        _entries[Count].ValueStart = _encoded.Length;
    }

    private void BeginMap(string name, int count)
    {
        Begin(name);
        var header = Writer(0);
        header.WriteMapHeader(count);
        Take(header);
    }

    private void End()
    {
        _entries[Count].End = _encoded.Length;
        Count++;
    }

    private void WriteName(string text)
    {
        int word = WordList.Standard.IndexOf(text);
        if (word > 0 && word <= _wordCount)
        {
            var writer = Writer(0);
            writer.Write(word);
            Take(writer);
        }
        else
        {
            WriteText(text);
        }
    }

    private void WriteText(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        var header = Writer(length);
        header.WriteStringHeader(length);
        Take(header);
        Encoding.UTF8.GetBytes(text, _encoded.GetSpan(length));
        _encoded.Advance(length);
    }

    private void WriteWordValue(int word)
    {
        Span<byte> index = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(index, (uint)word);
        var writer = Writer(0);
        writer.WriteExtension(WireFormat.WordExtension, word <= byte.MaxValue ? index[3..] : word <= ushort.MaxValue ? index[2..] : index);
        Take(writer);
    }

    private void SetExtension(string name, sbyte type, ReadOnlySpan<byte> payload)
    {
        Begin(name);
        var writer = Writer(payload.Length);
        writer.WriteExtension(type, payload);
        Take(writer);
        End();
    }

    private struct Entry
    {
        public int Start;
        public int ValueStart;
        public int End;
    }
}
