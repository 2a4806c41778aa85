using FastMixer.Policy.Language;

namespace FastMixer.Policy.Tests.Language;

public sealed class TimestampTextTests
{
    [Theory]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    [InlineData("2015-01-02T15:04:35Z", 1_420_211_075_000_000_000)]
    [InlineData("2015-01-02t15:04:35z", 1_420_211_075_000_000_000)]
    [InlineData("2015-01-02T16:04:35+01:00", 1_420_211_075_000_000_000)]
    [InlineData("2015-01-02T07:34:35.123456789-07:30", 1_420_211_075_123_456_789)]
    [InlineData("1969-12-31T23:59:59.9Z", -100_000_000)]
    [InlineData("2262-04-11T23:47:16.854775807Z", long.MaxValue)]
    [InlineData("1677-09-21T00:12:43.145224192Z", long.MinValue)]
    public void TryParse_Time_IsExactToTheNanosecond(string text, long nanoseconds)
    {
        Assert.True(TimestampText.TryParse(text, out long parsed));
        Assert.Equal(nanoseconds, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2015-01-02")]
    [InlineData("2015-01-02T15:04:35")]
    [InlineData("2015-01-02 15:04:35Z")]
    [InlineData("2015-02-30T15:04:35Z")]
    [InlineData("2015-01-02T24:00:00Z")]
    [InlineData("2015-01-02T15:04:35.Z")]
    [InlineData("2015-01-02T15:04:35.1234567890Z")]
    [InlineData("2015-01-02T15:04:35+1:00")]
    [InlineData("2015-01-02T15:04:35+01:60")]
    [InlineData("2015-01-02T15:04:35Zjunk")]
    [InlineData("2262-04-11T23:47:16.854775808Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    public void TryParse_NoTime_Fails(string text) => Assert.False(TimestampText.TryParse(text, out _));
}
