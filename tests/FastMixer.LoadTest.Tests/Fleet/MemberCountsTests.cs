using FastMixer.LoadTest.Fleet;
using FastMixer.LoadTest.Processes;

namespace FastMixer.LoadTest.Tests.Fleet;

public sealed class MemberCountsTests
{
    [Fact]
    public void Of_APageOfMetrics_SumsWhatCounts() =>
        Assert.Equal(
            new MemberCounts(Hits: 1200, Misses: 33),
            MemberCounts.Of(new MetricsText(
                """
                # TYPE fastmixer_verdicts_hits_total counter
                fastmixer_verdicts_hits_total 1.2e3
                fastmixer_verdicts_misses_total{reason="new"} 30
                fastmixer_verdicts_misses_total{reason="used up"} 3
                fastmixer_verdicts_misses_total_of_others 5
                fastmixer_verdicts_entries 99
                """)));
}
