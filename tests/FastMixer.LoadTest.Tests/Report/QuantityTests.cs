using FastMixer.LoadTest.Report;

namespace FastMixer.LoadTest.Tests.Report;

public sealed class QuantityTests
{
    [Theory]
    [InlineData(0, "0 %")]
    [InlineData(1, "100 %")]
    [InlineData(0.5, "50.0 %")]
    [InlineData(0.999, "99.900 %")]
    [InlineData(0.00012, "0.012 %")]
    public void Percent_NearTheEnds_HasMoreDigits(double share, string text) => Assert.Equal(text, Quantity.Percent(share));

    [Theory]
    [InlineData(0.0000123, "12.3 µs")]
    [InlineData(0.0456, "45.6 ms")]
    [InlineData(2, "2.00 s")]
    public void Seconds_AnySize_HasThreeDigitsAndAUnit(double seconds, string text) => Assert.Equal(text, Quantity.Seconds(seconds));
}
