using System.IO.Hashing;
using FastMixer.Caching.Keys;

namespace FastMixer.Caching.Tests.Keys;

public sealed class DistinctSketchTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(1_000)]
    [InlineData(1_000_000)]
    public void Estimate_IsWithinAThird_HoweverOftenValuesCome(int values)
    {
        var sketch = new DistinctSketch();
        for (int i = 0; i < values * 2; i++)
        {
            sketch.Add(XxHash3.HashToUInt64(BitConverter.GetBytes(i % values)));
        }

        Assert.InRange(sketch.Estimate(), values * 0.67, values * 1.34);
    }

    [Fact]
    public void Merge_CountsWhatBothHaveSeenOnce()
    {
        var first = new DistinctSketch();
        var second = new DistinctSketch();
        for (int i = 0; i < 3_000; i++)
        {
            (i < 2_000 ? first : second).Add(XxHash3.HashToUInt64(BitConverter.GetBytes(i)));
            (i < 1_000 ? second : first).Add(XxHash3.HashToUInt64(BitConverter.GetBytes(i)));
        }

        first.Merge(second);

        Assert.InRange(first.Estimate(), 2_000, 4_000);
    }
}
