using FastMixer.Policy.Language;

namespace FastMixer.Policy.Tests.Language;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData("1ns", 1)]
    [InlineData("1us", 1_000)]
    [InlineData("1µs", 1_000)]
    [InlineData("20ms", 20_000_000)]
    [InlineData("-1.5s", -1_500_000_000)]
    [InlineData("+1.5s", 1_500_000_000)]
    [InlineData(".5s", 500_000_000)]
    [InlineData("1h2m3s", 3_723_000_000_000)]
    [InlineData("1m1ms", 60_001_000_000)]
    [InlineData("0.1ns", 0)]
    [InlineData("9223372036854775807ns", long.MaxValue)]
    [InlineData("-9223372036854775808ns", long.MinValue)]
    public void TryParse_Duration_IsExact(string text, long nanoseconds)
    {
        Assert.True(DurationText.TryParse(text, out long parsed));
        Assert.Equal(nanoseconds, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1")]
    [InlineData("s")]
    [InlineData(".s")]
    [InlineData("1 s")]
    [InlineData("1d")]
    [InlineData("1s-1s")]
    [InlineData("1.2.3s")]
    [InlineData("1e3s")]
    [InlineData("9223372036854775808ns")]
    [InlineData("99999999999999999999999999999999s")]
    [InlineData("9999999999999999999h9999999999999999999h")]
    public void TryParse_NoDuration_Fails(string text) => Assert.False(DurationText.TryParse(text, out _));
}
