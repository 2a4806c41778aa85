using System.Globalization;

namespace FastMixer.LoadTest.Fleet;

/// <summary>What a server has counted, as its page of metrics tells it.</summary>
/// <param name="Hits">Checks that its kept verdicts have answered.</param>
/// <param name="Misses">Checks that they have not.</param>
/// <param name="Accepted">Records of reports that it has taken.</param>
internal readonly record struct MemberCounts(long Hits, long Misses, long Accepted)
{
    private const string HitsName = "fastmixer_verdicts_hits_total";
    private const string MissesName = "fastmixer_verdicts_misses_total";
    private const string AcceptedName = "fastmixer_records_total{outcome=\"accepted\"}";

    /// <summary>Checks that it has answered.</summary>
    public long Checks => Hits + Misses;

    /// <summary>Reads a page in the text format of Prometheus.</summary>
    public static MemberCounts Parse(string page)
    {
        long hits = 0;
        long misses = 0;
        long accepted = 0;
        foreach (var line in page.AsSpan().EnumerateLines())
        {
            hits += Value(line, HitsName);
            misses += Value(line, MissesName);
            accepted += Value(line, AcceptedName);
        }

        return new MemberCounts(hits, misses, accepted);
    }

    public static MemberCounts operator +(MemberCounts left, MemberCounts right) => Add(left, right);

    public static MemberCounts operator -(MemberCounts left, MemberCounts right) =>
        new(left.Hits - right.Hits, left.Misses - right.Misses, left.Accepted - right.Accepted);

    public static MemberCounts Add(MemberCounts left, MemberCounts right) =>
        new(left.Hits + right.Hits, left.Misses + right.Misses, left.Accepted + right.Accepted);

    private static long Value(ReadOnlySpan<char> line, string name) =>
        line.StartsWith(name, StringComparison.Ordinal) && line[name.Length..] is [' ' or '{', ..]
            ? (long)double.Parse(line[(line.LastIndexOf(' ') + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture)
            : 0;
}
