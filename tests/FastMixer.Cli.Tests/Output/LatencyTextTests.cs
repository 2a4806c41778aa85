using FastMixer.Cli.Output;

namespace FastMixer.Cli.Tests.Output;

public sealed class LatencyTextTests
{
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(4_120, "412us")]
    [InlineData(12_340, "1.234ms")]
    [InlineData(50_000_000, "5s")]
    public void Format_Ticks_TakesOneUnit(long ticks, string text) => Assert.Equal(text, LatencyText.Format(TimeSpan.FromTicks(ticks)));
}
