using FastMixer.Caching;
using FastMixer.Caching.Keys;

namespace FastMixer.Engine.Verdicts;

/// <summary>How verdicts are kept. Immutable.</summary>
public sealed record VerdictCacheOptions
{
    /// <summary>Room for keys and verdicts, in bytes: <see cref="StripedCacheOptions.Bytes"/>. Default: 64 MiB.</summary>
    public long Bytes { get; init; } = 64 << 20;

    /// <summary>The greatest number of verdicts: <see cref="StripedCacheOptions.Entries"/>. Default: 262,144.</summary>
    public int Entries { get; init; } = 256 << 10;

    /// <summary>
    /// How many sets of referenced attributes may be known at once, 1 to <see cref="ReferenceSetDirectory.GreatestMaxSets"/>. Verdicts of a set more are not
    /// kept, and counted as uncacheable. Default: 4,096.
    /// </summary>
    public int Sets { get; init; } = 4096;

    /// <summary>How many renewals may be under way at once; 0 for no renewals. Default: 64.</summary>
    public int MaxRenewals { get; init; } = 64;

    /// <summary>The earliest part of its life at which a verdict that is asked for is renewed. Default: 0.75.</summary>
    public double RenewFrom { get; init; } = 0.75;

    /// <summary>The latest. Which moment between the two it is differs from entry to entry, so that they are not all renewed at once. Default: 0.9.</summary>
    public double RenewTo { get; init; } = 0.9;

    /// <summary>Bits of a key's hash that are used: fewer, in tests, make keys collide.</summary>
    internal ulong HashMask { get; init; } = ulong.MaxValue;

    /// <summary>The options of the cache that holds the verdicts.</summary>
    internal StripedCacheOptions ToStripedCache() => new() { Bytes = Bytes, Entries = Entries };
}
