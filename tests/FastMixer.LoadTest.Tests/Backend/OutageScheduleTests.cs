using FastMixer.LoadTest.Backend;

namespace FastMixer.LoadTest.Tests.Backend;

public sealed class OutageScheduleTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(29.999, false)]
    [InlineData(30, true)]
    [InlineData(59.999, true)]
    [InlineData(60, false)]
    [InlineData(90, true)]
    [InlineData(95, false)]
    public void IsDown_AroundTheEnds_BeginsWithThemAndEndsBeforeThem(double seconds, bool down) =>
        Assert.Equal(down, OutageSchedule.Parse("30s+30s,90s+5s").IsDown(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void ToString_AfterParse_IsTheSame()
    {
        Assert.Equal("30s+500ms,90s+5s", OutageSchedule.Parse("30s+500ms,90s+5s").ToString());
        Assert.Equal("3s+1500ms", OutageSchedule.Once(TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(1500)).ToString());
    }

    [Fact]
    public void IsDown_WithoutOutages_NeverIs() => Assert.False(OutageSchedule.None.IsDown(TimeSpan.Zero));

    [Theory]
    [InlineData("", "is not BEGIN+LENGTH")]
    [InlineData("30s", "is not BEGIN+LENGTH")]
    [InlineData("30s+x", "is not BEGIN+LENGTH")]
    [InlineData("30s+0s", "is not BEGIN+LENGTH")]
    [InlineData("30s+30s,50s+1s", "'50s+1s' begins before the one before it has ended")]
    public void Parse_WhatIsNone_SaysWhatIsWrong(string text, string complaint) =>
        Assert.Contains(complaint, Assert.Throws<LoadTestException>(() => OutageSchedule.Parse(text)).Message, StringComparison.Ordinal);
}
