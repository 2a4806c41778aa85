using FastMixer.LoadTest.Outage;

namespace FastMixer.LoadTest.Tests.Outage;

public sealed class TimelineTests
{
    private static readonly CheckOutcome Failure = new("no answer in time");
    private readonly Timeline _timeline = new(TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(1));

    [Fact]
    public void Add_AFailure_CountsAsSeenOnlyIfTheKeyWasDecidedBefore()
    {
        Add(seconds: 0, key: 1, Failure);
        Add(seconds: 1, key: 1, CheckOutcome.Decided);
        Add(seconds: 2, key: 1, Failure);
        Add(seconds: 2, key: 2, Failure);

        Assert.Equal(1, _timeline.FailedSeen);
        Assert.Equal(3, _timeline.Failures["no answer in time"]);
    }

    [Fact]
    public void Between_PartsOfTheRun_SumUpToTheWhole()
    {
        for (var second = 0; second < 9; second++)
        {
            Add(second, key: 1, second is >= 3 and < 6 ? Failure : CheckOutcome.Decided);
        }

        Assert.Equal(1, _timeline.Between(TimeSpan.Zero, TimeSpan.FromSeconds(3)).Availability);
        Assert.Equal(0, _timeline.Between(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(6)).Availability);
        var whole = _timeline.Between(TimeSpan.Zero, TimeSpan.MaxValue);
        Assert.Equal((6, 3), (whole.Decided, whole.Failed));
    }

    [Fact]
    public void Percentile_OfKnownTimes_IsNearThem()
    {
        for (var i = 1; i <= 100; i++)
        {
            _timeline.Add(TimeSpan.Zero, TimeSpan.FromMilliseconds(i), key: 1, seen: false, CheckOutcome.Decided);
        }

        Assert.InRange(_timeline.Buckets[0].Percentile(50)!.Value, 0.0495, 0.0505);
        Assert.InRange(_timeline.Buckets[0].Percentile(99)!.Value, 0.098, 0.1);
        Assert.Null(_timeline.Buckets[1].Percentile(50));
        Assert.Null(_timeline.Buckets[1].Availability);
    }

    private void Add(double seconds, uint key, CheckOutcome outcome) =>
        _timeline.Add(TimeSpan.FromSeconds(seconds), TimeSpan.FromMilliseconds(1), key, _timeline.HasSeen(key), outcome);
}
