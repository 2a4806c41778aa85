using CsCheck;
using FastMixer.LoadTest.Report;

namespace FastMixer.LoadTest.Tests.Report;

public sealed class SpreadTests
{
    [Theory]
    [InlineData(new double[] { 3, 1, 2 }, 2, 1, 3)]
    [InlineData(new double[] { 4, 1, 2, 3 }, 2.5, 1, 4)]
    [InlineData(new double[] { 7 }, 7, 7, 7)]
    public void Of_Values_MedianBetweenTheEnds(double[] values, double median, double min, double max) =>
        Assert.Equal(new Spread(median, min, max), Spread.Of(values.Select(static value => (double?)value)));

    [Fact]
    public void Of_NothingOrSomethingMissing_IsNull()
    {
        Assert.Null(Spread.Of([]));
        Assert.Null(Spread.Of([1, null, 3]));
    }

    [Fact]
    public void Of_AnyOrder_IsTheSame() => Gen.Double[0, 1e6].Array[1, 20].Sample(values =>
        Spread.Of(values.Select(static value => (double?)value)) == Spread.Of(values.Reverse().Select(static value => (double?)value)));
}
