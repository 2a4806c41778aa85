using FastMixer.LoadTest.Processes;

namespace FastMixer.LoadTest.Fleet;

/// <summary>What a server has counted, as its page of metrics tells it.</summary>
/// <param name="Hits">Checks that its kept verdicts have answered.</param>
/// <param name="Misses">Checks that they have not.</param>
internal readonly record struct MemberCounts(long Hits, long Misses)
{
    /// <summary>Checks that it has answered.</summary>
    public long Checks => Hits + Misses;

    /// <summary>Reads a page.</summary>
    public static MemberCounts Of(MetricsText metrics) =>
        new((long)metrics.Sum("fastmixer_verdicts_hits_total"), (long)metrics.Sum("fastmixer_verdicts_misses_total"));

    public static MemberCounts operator +(MemberCounts left, MemberCounts right) => Add(left, right);

    public static MemberCounts operator -(MemberCounts left, MemberCounts right) => new(left.Hits - right.Hits, left.Misses - right.Misses);

    public static MemberCounts Add(MemberCounts left, MemberCounts right) => new(left.Hits + right.Hits, left.Misses + right.Misses);
}
