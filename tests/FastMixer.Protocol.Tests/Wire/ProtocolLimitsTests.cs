using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Tests.Wire;

public sealed class ProtocolLimitsTests
{
    [Fact]
    public void ToNumbers_Default_AreThoseOfSection7()
    {
        (int, long)[] expected =
        [
            (1, 1_048_576), (2, 8_192), (3, 256), (4, 256), (5, 256), (6, 65_536), (7, 10_000), (8, 1_024), (9, 16), (10, 10_000),
            (11, 600_000), (12, 30_000), (13, 8_192),
        ];
        Assert.Equal(expected, ProtocolLimits.Default.ToNumbers().Select(pair => (pair.Key, pair.Value)));
        Assert.Equal(8, ProtocolLimits.MaxDepth);
        Assert.Equal(16, ProtocolLimits.MinDatagramBytes);
    }

    [Fact]
    public void WithNumber_EachNumber_ChangesThatLimitOnly()
    {
        foreach ((int number, long value) in ProtocolLimits.Default.ToNumbers())
        {
            ProtocolLimits changed = ProtocolLimits.Default.WithNumber(number, value + 1);
            Assert.Equal(
                ProtocolLimits.Default.ToNumbers().Select(pair => pair.Value + (pair.Key == number ? 1 : 0)),
                changed.ToNumbers().Select(pair => pair.Value));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(14)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void WithNumber_UnknownNumber_ChangesNothing(long number) =>
        Assert.Same(ProtocolLimits.Default, ProtocolLimits.Default.WithNumber(number, 5));

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(long.MaxValue, int.MaxValue)]
    public void WithNumber_ValueOutOfRange_IsClamped(long value, int expected)
    {
        Assert.Equal(expected, ProtocolLimits.Default.WithNumber(1, value).MaxFrameBytes);
        Assert.Equal(expected, ProtocolLimits.Default.WithNumber(10, value).HelloTimeout.TotalMilliseconds);
    }
}
