using FastMixer.LoadTest.Fleet;

namespace FastMixer.LoadTest.Tests.Fleet;

public sealed class MemberCountsTests
{
    [Fact]
    public void Parse_APageOfMetrics_SumsWhatCounts() =>
        Assert.Equal(
            new MemberCounts(Hits: 1200, Misses: 33, Accepted: 7),
            MemberCounts.Parse(
                """
                # TYPE fastmixer_verdicts_hits_total counter
                fastmixer_verdicts_hits_total 1.2e3
                fastmixer_verdicts_misses_total{reason="new"} 30
                fastmixer_verdicts_misses_total{reason="used up"} 3
                fastmixer_records_total{outcome="accepted"} 7
                fastmixer_records_total{outcome="refused"} 5
                fastmixer_verdicts_entries 99
                """));
}
