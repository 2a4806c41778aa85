using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;

namespace FastMixer.Protocol.Words;

/// <summary>
/// Compares UTF-8 texts byte by byte, and lets a dictionary keyed by arrays be asked with a span. The hash is XXH3, seeded per process,
/// because keys come from peers.
/// </summary>
public sealed class Utf8Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    private static readonly long Seed = Random.Shared.NextInt64();

    private Utf8Comparer()
    {
    }

    /// <summary>The only instance; thread-safe.</summary>
    public static Utf8Comparer Instance { get; } = new();

    /// <summary>The seeded 32-bit hash of some bytes.</summary>
    /// <param name="utf8">The bytes.</param>
    public static int Hash(ReadOnlySpan<byte> utf8) => unchecked((int)XxHash3.HashToUInt64(utf8, Seed));

    /// <inheritdoc/>
    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    /// <inheritdoc/>
    public int GetHashCode([DisallowNull] byte[] obj) => Hash(obj);

    /// <inheritdoc/>
    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    /// <inheritdoc/>
    public int GetHashCode(ReadOnlySpan<byte> alternate) => Hash(alternate);

    /// <inheritdoc/>
    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
