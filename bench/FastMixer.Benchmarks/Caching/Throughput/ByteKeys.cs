using System.IO.Hashing;

namespace FastMixer.Benchmarks.Caching.Throughput;

/// <summary>Arrays of bytes as keys, which can be looked up by a span: hashed as the product hashes them.</summary>
internal sealed class ByteKeyComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    /// <inheritdoc/>
    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    /// <inheritdoc/>
    public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

    /// <inheritdoc/>
    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    /// <inheritdoc/>
    public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)XxHash3.HashToUInt64(alternate);

    /// <inheritdoc/>
    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}

/// <summary>Bytes as a key for <c>MemoryCache</c>, which takes objects: one can be filled again for each look-up.</summary>
internal sealed class ByteKey(byte[] bytes)
{
    /// <summary>The bytes.</summary>
    public byte[] Bytes => bytes;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ByteKey other && other.Bytes.AsSpan().SequenceEqual(bytes);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)XxHash3.HashToUInt64(bytes);
}
