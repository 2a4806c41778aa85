using FastMixer.LoadTest.Load;

namespace FastMixer.LoadTest.Tests.Load;

public sealed class KeySourceTests
{
    [Fact]
    public void Repeated_ManyDraws_MeetEachKeyAndNoOther()
    {
        var sequence = KeySource.Repeated(10).Sequence(0);
        var drawn = new HashSet<uint>();
        for (var i = 0; i < 1000; i++)
        {
            drawn.Add(sequence.Next());
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(static key => (uint)key), drawn.Order());
    }

    [Fact]
    public void Repeated_TwoRuns_DrawTheSame() => Assert.Equal(Draw(KeySource.Repeated(1000).Sequence(3)), Draw(KeySource.Repeated(1000).Sequence(3)));

    [Fact]
    public void Repeated_TwoWorkers_DrawDifferently() => Assert.NotEqual(Draw(KeySource.Repeated(1000).Sequence(0)), Draw(KeySource.Repeated(1000).Sequence(1)));

    [Fact]
    public void Distinct_ManyWorkersAtOnce_NeverDrawAKeyTwice()
    {
        const int PerWorker = 5000;
        var source = KeySource.Distinct();
        var drawn = new uint[4][];
        Parallel.For(0, drawn.Length, worker =>
        {
            var sequence = source.Sequence(worker);
            drawn[worker] = [.. Enumerable.Range(0, PerWorker).Select(_ => sequence.Next())];
        });

        Assert.Equal(drawn.Length * PerWorker, drawn.SelectMany(static keys => keys).Distinct().Count());
    }

    [Fact]
    public void Distinct_ALaterWorker_DrawsNoKeyOfAnEarlierOne()
    {
        var source = KeySource.Distinct();
        Assert.Empty(Draw(source.Sequence(0)).Intersect(Draw(source.Sequence(0))));
    }

    [Fact]
    public void Varied_OnlyOneKey_IsFalse()
    {
        Assert.False(KeySource.Repeated(1).Varied);
        Assert.True(KeySource.Repeated(2).Varied);
        Assert.True(KeySource.Distinct().Varied);
    }

    private static uint[] Draw(KeySequence sequence) => [.. Enumerable.Range(0, 100).Select(_ => sequence.Next())];
}
