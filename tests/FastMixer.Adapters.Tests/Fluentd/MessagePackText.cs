using System.Buffers.Binary;
using System.Text;

namespace FastMixer.Adapters.Tests.Fluentd;

/// <summary>
/// Reads MessagePack by its published table of first bytes, apart from the library that wrote it: integers as long, floats as double, arrays as lists, maps
/// as dictionaries, extensions as (type, bytes). Throws <see cref="EndOfStreamException"/> when more bytes are needed.
/// </summary>
internal ref struct MessagePackText(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>How many bytes are read.</summary>
    public int Position { get; private set; }

    public object? Read()
    {
        byte first = Take(1)[0];
        return first switch
        {
            <= 0x7f => (long)first,
            <= 0x8f => Map(first & 0xf),
            <= 0x9f => List(first & 0xf),
            <= 0xbf => Text(first & 0x1f),
            0xc0 => null,
            0xc2 or 0xc3 => first == 0xc3,
            0xc7 => Extension(Take(1)[0]),
            0xca => (double)BinaryPrimitives.ReadSingleBigEndian(Take(4)),
            0xcb => BinaryPrimitives.ReadDoubleBigEndian(Take(8)),
            >= 0xcc and <= 0xcf => Unsigned(1 << (first - 0xcc)),
            0xd0 => (long)(sbyte)Take(1)[0],
            0xd1 => (long)BinaryPrimitives.ReadInt16BigEndian(Take(2)),
            0xd2 => (long)BinaryPrimitives.ReadInt32BigEndian(Take(4)),
            0xd3 => BinaryPrimitives.ReadInt64BigEndian(Take(8)),
            >= 0xd4 and <= 0xd8 => Extension(1 << (first - 0xd4)),
            >= 0xd9 and <= 0xdb => Text((int)Unsigned(1 << (first - 0xd9))),
            0xdc or 0xdd => List((int)Unsigned(first == 0xdc ? 2 : 4)),
            0xde or 0xdf => Map((int)Unsigned(first == 0xde ? 2 : 4)),
            >= 0xe0 => (long)(sbyte)first,
            _ => throw new InvalidDataException($"no value begins with 0x{first:x2} here"),
        };
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_bytes.Length - Position < count)
        {
            throw new EndOfStreamException();
        }

        Position += count;
        return _bytes.Slice(Position - count, count);
    }

    private long Unsigned(int size)
    {
        long value = 0;
        foreach (byte digit in Take(size))
        {
            value = (value << 8) | digit;
        }

        return value;
    }

    private string Text(int length) => Encoding.UTF8.GetString(Take(length));

    private (int Type, byte[] Bytes) Extension(int length)
    {
        int type = (sbyte)Take(1)[0];
        return (type, Take(length).ToArray());
    }

    private List<object?> List(int count)
    {
        var list = new List<object?>();
        for (int i = 0; i < count; i++)
        {
            list.Add(Read());
        }

        return list;
    }

    private Dictionary<string, object?> Map(int count)
    {
        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            map.Add((string)Read()!, Read());
        }

        return map;
    }
}
