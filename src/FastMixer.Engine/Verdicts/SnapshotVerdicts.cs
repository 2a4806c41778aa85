using FastMixer.Caching.Keys;

namespace FastMixer.Engine.Verdicts;

/// <summary>What the cache knows of one configuration. Immutable, but for the sets that the directory learns.</summary>
/// <param name="Number">Its number among those of this cache, from 1. What is kept is stamped with it.</param>
/// <param name="Directory">
/// The sets of referenced attributes. Configurations share it while the vocabulary stays the same; with another one all sets are new, and with them all keys.
/// </param>
/// <param name="ForAll">What all its verdicts have as their fingerprint; null where each has its own.</param>
internal sealed record SnapshotVerdicts(long Number, ReferenceSetDirectory Directory, UInt128? ForAll);
