using System.Buffers.Binary;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Adapters.Otlp;

/// <summary>
/// Writes fields of protocol buffers (protobuf.dev/programming-guides/encoding) as they come, into one buffer: the length of a message within another is
/// written over room that was left for it, as a varint of four bytes whatever it is.
/// </summary>
internal readonly struct ProtobufWriter(PooledBuffer output)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Delimited = 2;
    private const int LongestVarint = 10;
    private const int LengthBytes = 4;
    private const int GroupBits = 7;
    private const byte More = 0x80;

    /// <summary>An integer, bool or enum.</summary>
    public void WriteVarint(int field, long value)
    {
        WriteRaw((ulong)((field << 3) | Varint));
        WriteRaw(unchecked((ulong)value));
    }

    /// <summary>A fixed64 or sfixed64.</summary>
    public void WriteFixed64(int field, long value)
    {
        WriteRaw((ulong)((field << 3) | Fixed64));
        WritePacked(value);
    }

    /// <summary>A double.</summary>
    public void WriteDouble(int field, double value) => WriteFixed64(field, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Bytes, or text in UTF-8.</summary>
    public void WriteBytes(int field, ReadOnlySpan<byte> bytes)
    {
        WriteRaw((ulong)((field << 3) | Delimited));
        WriteRaw((ulong)bytes.Length);
        output.Write(bytes);
    }

    /// <summary>Begins a message within this one, or a packed list.</summary>
    /// <returns>What <see cref="End"/> must be given.</returns>
    public int Begin(int field)
    {
        WriteRaw((ulong)((field << 3) | Delimited));
        output.GetSpan(LengthBytes);
        output.Advance(LengthBytes);
        return output.Length;
    }

    /// <summary>Ends it. It has less than 256 MiB.</summary>
    public void End(int begin)
    {
        Span<byte> length = stackalloc byte[LengthBytes];
        int rest = output.Length - begin;
        for (int i = 0; i < LengthBytes; i++, rest >>= GroupBits)
        {
            length[i] = (byte)((rest & (More - 1)) | (i < LengthBytes - 1 ? More : 0));
        }

        output.Overwrite(begin - LengthBytes, length);
    }

    /// <summary>An element of a packed list of fixed64.</summary>
    public void WritePacked(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(sizeof(long)), value);
        output.Advance(sizeof(long));
    }

    private void WriteRaw(ulong value)
    {
        Span<byte> bytes = output.GetSpan(LongestVarint);
        int length = 0;
        for (; value >= More; value >>= GroupBits)
        {
            bytes[length++] = (byte)(value | More);
        }

        bytes[length++] = (byte)value;
        output.Advance(length);
    }
}
