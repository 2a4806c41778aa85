using System.Globalization;
using System.Text;
using FastMixer.Caching;
using FastMixer.Caching.Keys;

namespace FastMixer.Engine.Verdicts;

/// <summary>What became of renewals of verdicts before their time was over.</summary>
/// <param name="Started">Renewals that have begun.</param>
/// <param name="Renewed">Those that have kept a new verdict.</param>
/// <param name="Failed">Those that have not: there was none, or one that may not be reused.</param>
/// <param name="Refused">Renewals that were due and not begun, since too many were under way.</param>
public sealed record RenewalCounts(long Started, long Renewed, long Failed, long Refused);

/// <summary>Checks whose verdicts were not in the cache, by the reason.</summary>
/// <param name="New">They were not asked for before, or long ago.</param>
/// <param name="Evicted">They had made way for others not long ago.</param>
/// <param name="Expired">Their time was over.</param>
/// <param name="UsedUp">They had been used as often as they may be.</param>
/// <param name="Snapshot">The configuration has changed in something that they depended on.</param>
/// <param name="Uncacheable">They cannot be kept.</param>
public sealed record MissCounts(long New, long Evicted, long Expired, long UsedUp, long Snapshot, long Uncacheable)
{
    /// <summary>All of them.</summary>
    public long Total => New + Evicted + Expired + UsedUp + Snapshot + Uncacheable;
}

/// <summary>What came of the verdicts that depended on one set of attributes.</summary>
/// <param name="References">The attributes, such as <c>request.path</c>, <c>request.headers["cookie"]</c>, and <c>no source.user</c> for one that was absent.</param>
/// <param name="Hits">Checks that were answered by the cache.</param>
/// <param name="Misses">Checks that were not, of verdicts that may be reused.</param>
/// <param name="Entries">Entries, estimated by the set's share of what was stored.</param>
/// <param name="Hint">Which attribute makes the set useless; null if none does.</param>
public sealed record SetStatistics(IReadOnlyList<string> References, long Hits, long Misses, long Entries, string? Hint)
{
    /// <summary>The part of the checks that were answered by the cache, 0 … 1.</summary>
    public double HitRatio => Hits == 0 ? 0 : (double)Hits / (Hits + Misses);
}

/// <summary>What the cache of verdicts did since it was made, for operators to tune it by.</summary>
/// <param name="Entries">How many entries it has, those included whose time is over and whose place was not needed yet.</param>
/// <param name="MaxEntries">How many it can have.</param>
/// <param name="AllocatedBytes">The memory that it has for them.</param>
/// <param name="Evicted">How many had to go for others, time and uses left.</param>
/// <param name="Hits">Checks that were answered by the cache.</param>
/// <param name="Misses">Checks that were not.</param>
/// <param name="Renewals">What became of renewals.</param>
/// <param name="Estimate">What part of the look-ups of keys a cache of half and of twice the size would answer.</param>
/// <param name="MaxSets">How many sets of referenced attributes may be known.</param>
/// <param name="LeadingAttributes">The attributes by whose values the sets to try are found; none while there are few sets.</param>
/// <param name="Sets">The sets that are known, the most used first.</param>
public sealed record VerdictCacheStatistics(
    long Entries,
    long MaxEntries,
    long AllocatedBytes,
    long Evicted,
    long Hits,
    MissCounts Misses,
    RenewalCounts Renewals,
    CacheEstimate Estimate,
    int MaxSets,
    IReadOnlyList<string> LeadingAttributes,
    IReadOnlyList<SetStatistics> Sets)
{
    // With fewer verdicts than this nothing can be said of a set.
    private const int LeastSamples = 100;

    // An attribute with a new value in so many of the verdicts makes them useless.
    private const double UselessPart = 0.7;

    /// <summary>The part of all checks that were answered by the cache, 0 … 1.</summary>
    public double HitRatio => Hits == 0 ? 0 : (double)Hits / (Hits + Misses.Total);

    /// <summary>Reads them. Allocates.</summary>
    internal static VerdictCacheStatistics Of(VerdictCache cache, SnapshotVerdicts inForce)
    {
        CacheCounts entries = cache.EntryCounts;
        ReferenceSet[] sets = inForce.Directory.Sets.ToArray();
        long stored = Math.Max(1, sets.Sum(set => set.Usage.Stored));
        VerdictCounters counters = cache.Counters;
        return new VerdictCacheStatistics(
            entries.Entries,
            cache.Options.Entries,
            cache.AllocatedBytes,
            entries.Evicted,
            counters.Hits,
            new MissCounts(
                counters.Misses(MissReason.New),
                counters.Misses(MissReason.Evicted),
                counters.Misses(MissReason.Expired),
                counters.Misses(MissReason.UsedUp),
                counters.Misses(MissReason.Snapshot),
                counters.Misses(MissReason.Uncacheable)),
            counters.Renewals,
            cache.Estimate,
            cache.Options.Sets,
            sets.Length == 0 ? [] : [.. inForce.Directory.Leading.Select(part => Name(part, sets[0].Vocabulary))],
            [.. sets.Select(set => Of(set, entries.Entries * ((double)set.Usage.Stored / stored))).OrderByDescending(set => set.Hits + set.Misses)]);
    }

    private static SetStatistics Of(ReferenceSet set, double entries) => new(
        [.. set.Parts.Select(part => (part.IsPresent ? "" : "no ") + Name(part, set.Vocabulary))],
        set.Usage.Hits,
        set.Usage.Misses,
        (long)Math.Round(entries),
        HintFor(set));

    private static string? HintFor(ReferenceSet set)
    {
        SetUsage usage = set.Usage;
        if (usage.Samples < LeastSamples || usage.Hits > usage.Misses)
        {
            return null;
        }

        IEnumerable<string> useless =
            from part in Enumerable.Range(0, set.Count)
            let values = usage.CountValues(part)
            where values >= UselessPart * usage.Samples
            orderby values descending
            select string.Create(
                CultureInfo.InvariantCulture, $"{Name(set.Parts[part], set.Vocabulary)} had about {Math.Min(values, usage.Samples):N0} values in {usage.Samples:N0} verdicts");
        string hint = string.Join("; ", useless);
        return hint.Length == 0 ? null : hint + ": what depends on it is hardly ever asked again";
    }

    private static string Name(ReferencePart part, Protocol.Attributes.Vocabulary vocabulary) =>
        vocabulary[part.Slot].Name + (part.Key is { } key ? $"[\"{Encoding.UTF8.GetString(key)}\"]" : "");
}
