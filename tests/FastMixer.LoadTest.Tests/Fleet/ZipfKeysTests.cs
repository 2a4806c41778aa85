using FastMixer.LoadTest.Fleet;

namespace FastMixer.LoadTest.Tests.Fleet;

public sealed class ZipfKeysTests
{
    private const int Draws = 20_000;

    [Fact]
    public void Next_WithAnExponent_FallsWithTheRank()
    {
        var counts = Count(new ZipfKeys(100, exponent: 1, seed: 1));

        // 1 / (1 + 1/2 + … + 1/100) is 0.193.
        Assert.InRange(counts[0] / (double)Draws, 0.18, 0.21);
        Assert.InRange(counts[0] / (double)counts[9], 8, 12.5);
        Assert.Equal(Draws, counts.Sum());
    }

    [Fact]
    public void Next_WithoutAnExponent_IsEven() =>
        Assert.All(Count(new ZipfKeys(10, exponent: 0, seed: 1)), static count => Assert.InRange(count, 1800, 2200));

    [Fact]
    public void Next_WithAHotKey_GivesItItsShare() =>
        Assert.InRange(Count(new ZipfKeys(1000, exponent: 0, seed: 1, hot: 0.5))[0] / (double)Draws, 0.48, 0.52);

    private static int[] Count(ZipfKeys keys)
    {
        var counts = new int[1000];
        for (var i = 0; i < Draws; i++)
        {
            counts[keys.Next()]++;
        }

        return [.. counts.TakeWhile(static count => count > 0)];
    }
}
