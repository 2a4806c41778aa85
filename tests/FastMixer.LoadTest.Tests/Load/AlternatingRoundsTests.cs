using CsCheck;
using FastMixer.LoadTest.Load;

namespace FastMixer.LoadTest.Tests.Load;

public sealed class AlternatingRoundsTests
{
    [Fact]
    public void Order_TwoRounds_ThereAndBackAgain()
    {
        Assert.Equal([0, 1, 2], AlternatingRounds.Order(0, 3));
        Assert.Equal([2, 1, 0], AlternatingRounds.Order(1, 3));
    }

    [Fact]
    public void Order_AnyRound_MeetsEachSideOnce() =>
        Gen.Select(Gen.Int[0, 1000], Gen.Int[1, 10]).Sample((round, count) =>
            AlternatingRounds.Order(round, count).Order().SequenceEqual(Enumerable.Range(0, count)));
}
