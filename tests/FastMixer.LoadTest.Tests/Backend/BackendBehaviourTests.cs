using FastMixer.LoadTest.Backend;
using FastMixer.LoadTest.Transport;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.LoadTest.Tests.Backend;

public sealed class BackendBehaviourTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Decide_InAnOutage_IsDownFromTheFirstRequestOn()
    {
        var behaviour = new BackendBehaviour(Options with { Outages = OutageSchedule.Parse("10s+5s") }, _time);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(Fate.Answer, behaviour.Decide());
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(Fate.Down, behaviour.Decide());
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(Fate.Answer, behaviour.Decide());
        Assert.Equal(new BackendStatistics(Answered: 2, Failed: 0, Down: 1), behaviour.Statistics);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 1000)]
    public void Decide_AlwaysOrNeverAvailable_FailsNoneOrAll(double availability, long failed)
    {
        var behaviour = new BackendBehaviour(Options with { Availability = availability }, _time);
        Decide(behaviour);

        Assert.Equal(failed, behaviour.Statistics.Failed);
        Assert.Equal(1000, behaviour.Statistics.Calls);
    }

    [Fact]
    public void Decide_TheSameSeed_FailsTheSameRequests()
    {
        var options = Options with { Availability = 0.9, Seed = 7 };
        var fates = Decide(new BackendBehaviour(options, _time));

        Assert.Equal(fates, Decide(new BackendBehaviour(options, _time)));
        Assert.NotEqual(fates, Decide(new BackendBehaviour(options with { Seed = 8 }, _time)));
        Assert.InRange(fates.Count(static fate => fate is Fate.Fail), 50, 150);
    }

    [Fact]
    public void Restart_AfterRequests_BeginsAnew()
    {
        var behaviour = new BackendBehaviour(Options with { Availability = 0.9, Outages = OutageSchedule.Parse("1s+1s") }, _time);
        var fates = Decide(behaviour);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Fate.Down, behaviour.Decide());

        behaviour.Restart();
        Assert.Equal(0, behaviour.Statistics.Calls);
        Assert.Equal(fates, Decide(behaviour));
    }

    [Fact]
    public void Read_OfStatisticsWritten_IsTheSame()
    {
        var statistics = new BackendStatistics(1, 2, 3);
        Assert.Equal(statistics, BackendStatistics.Read(statistics.ToJson()));
    }

    private static BackendOptions Options => new() { Listen = ServerAddress.Parse(BackendOptions.StandardAddress), Delay = TimeSpan.Zero };

    private static Fate[] Decide(BackendBehaviour behaviour) => [.. Enumerable.Range(0, 1000).Select(_ => behaviour.Decide())];
}
