using System.Runtime.InteropServices;

namespace FastMixer.Engine.Reports.Delivery;

/// <summary>Metrics of one record in a handler's ring: the hash of the dimensions, the values, the dimensions.</summary>
internal readonly ref struct MetricPayload
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _values;

    /// <summary>Reads.</summary>
    /// <param name="bytes">What <see cref="Write"/> wrote.</param>
    /// <param name="values">How many values it has.</param>
    public MetricPayload(ReadOnlySpan<byte> bytes, int values)
    {
        _bytes = bytes;
        _values = values;
    }

    /// <summary>The hash of the dimensions.</summary>
    public ulong Hash => MemoryMarshal.Read<ulong>(_bytes);

    /// <summary>The dimensions, encoded.</summary>
    public ReadOnlySpan<byte> Dimensions => _bytes[((1 + _values) * sizeof(long))..];

    /// <summary>A value.</summary>
    public long this[int index] => MemoryMarshal.Read<long>(_bytes[((1 + index) * sizeof(long))..]);

    /// <summary>How many bytes it takes.</summary>
    public static int Length(int values, int dimensions) => ((1 + values) * sizeof(long)) + dimensions;

    /// <summary>Writes.</summary>
    public static void Write(Span<byte> room, ulong hash, ReadOnlySpan<long> values, ReadOnlySpan<byte> dimensions)
    {
        MemoryMarshal.Write(room, hash);
        MemoryMarshal.AsBytes(values).CopyTo(room[sizeof(long)..]);
        dimensions.CopyTo(room[((1 + values.Length) * sizeof(long))..]);
    }
}
