using CsCheck;
using FastMixer.Server.Overload;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.EndToEnd.Tests.Overload;

/// <summary>When a queue counts as a standing one: told by its rule alone, by a model, and by a simulated server.</summary>
public sealed class StandingQueueTests
{
    private static readonly OverloadOptions Options = new() { Target = TimeSpan.FromMilliseconds(5), Interval = TimeSpan.FromMilliseconds(100) };

    private readonly FakeTimeProvider _time = new();

    private long Now => _time.GetTimestamp();

    [Fact]
    public void Observe_DelaysBelowTheTarget_NeverShed()
    {
        StandingQueue queue = New();
        for (int i = 0; i < 10_000; i++)
        {
            Assert.False(queue.Observe(Milliseconds(4.999), Now));
            Assert.False(queue.Sheds(Milliseconds(1000), isHeld: true, Now));
            Advance(1);
        }
    }

    [Fact]
    public void Observe_BurstShorterThanTheInterval_IsLetThroughWhole()
    {
        StandingQueue queue = New();
        for (int burst = 0; burst < 100; burst++)
        {
            for (int i = 0; i < 99; i++)
            {
                queue.Observe(Milliseconds(50), Now);
                Assert.False(queue.Sheds(Milliseconds(50), isHeld: false, Now));
                Advance(1);
            }

            queue.Observe(Milliseconds(1), Now);
            Advance(1);
        }
    }

    [Fact]
    public void Observe_AnIntervalAboveTheTarget_ShedsOnlyWhatHasWaitedLongerThanTheTarget()
    {
        StandingQueue queue = Standing();

        Assert.True(queue.Sheds(Milliseconds(5), isHeld: false, Now));
        Assert.False(queue.Sheds(Milliseconds(4.999), isHeld: false, Now));
        Assert.True(queue.Sheds(Milliseconds(0), isHeld: true, Now));
    }

    [Fact]
    public void Observe_ShortDelaysWhileRequestsAreShed_AreNoSignOfHealth()
    {
        StandingQueue queue = Standing();
        for (int i = 0; i < 100; i++)
        {
            Assert.True(queue.Sheds(Milliseconds(6), isHeld: false, Now));
            Advance(50);
            Assert.False(queue.Observe(0, Now));
            Assert.True(queue.IsStanding);
        }
    }

    [Fact]
    public void Observe_AnIntervalWithNothingShed_Recovers()
    {
        StandingQueue queue = Standing();
        queue.Sheds(Milliseconds(6), isHeld: false, Now);
        Advance(99);
        Assert.False(queue.Observe(Milliseconds(1), Now));
        Advance(1);

        Assert.True(queue.Observe(Milliseconds(1), Now));

        Assert.False(queue.IsStanding);
        Assert.False(queue.Sheds(Milliseconds(1000), isHeld: true, Now));
    }

    // The model looks at the whole history each time.
    [Fact]
    public void AnyHistory_IsStandingAsTheHistorySays() =>
        Gen.Select(Gen.Int[0, 12], Gen.Int[0, 40], Gen.Bool).Array[1, 200].Sample(steps =>
        {
            var time = new FakeTimeProvider();
            var queue = new StandingQueue(Options, time);
            var history = new List<(long At, bool Above)>();
            bool standing = false;
            foreach ((int delay, int pause, bool asks) in steps)
            {
                long now = time.GetTimestamp();
                if (asks)
                {
                    bool sheds = standing && delay >= 5;
                    Assert.Equal(sheds, queue.Sheds(Of(time, delay), isHeld: false, now));
                    if (sheds)
                    {
                        history.Add((now, true));
                    }
                }
                else
                {
                    history.Add((now, delay >= 5));
                    standing = Next(standing, history, Of(time, 100));
                    queue.Observe(Of(time, delay), now);
                    Assert.Equal(standing, queue.IsStanding);
                }

                time.Advance(TimeSpan.FromMilliseconds(pause));
            }
        });

    [Theory]
    [InlineData(0.9)]
    [InlineData(1.2)]
    [InlineData(2)]
    [InlineData(10)]
    public void SimulatedServer_LongOverload_KeepsTheDelayOfWhatIsAnsweredNearTheTarget(double load)
    {
        var server = new SimulatedServer(Options);

        SimulatedServer.Phase first = server.Run(seconds: 1, load);
        SimulatedServer.Phase later = server.Run(seconds: 5, load);
        SimulatedServer.Phase after = server.Run(seconds: 1, load: 0);
        SimulatedServer.Phase calm = server.Run(seconds: 1, load: 0.5);

        // As much as the server can do is answered but for a tenth, and refusing is what the tenth goes to.
        Assert.InRange(later.Answered, (int)(0.9 * Math.Min(load, 1) * later.Capacity) - (int)(later.Refused * SimulatedServer.RefusalCost), later.Capacity);
        Assert.InRange(later.WorstDelay, 0, load < 1 ? 5 : 8);
        Assert.InRange(first.WorstDelay, 0, 120 * Math.Max(1, load));
        Assert.Equal(load < 1, later.Refused == 0);
        Assert.Equal((0, calm.Capacity / 2), (calm.Refused, calm.Answered / 2 * 2));
        Assert.InRange(after.WorstDelay, 0, 8);
        Assert.False(server.IsStanding);
    }

    private static bool Next(bool standing, List<(long At, bool Above)> history, long interval)
    {
        (long now, bool above) = history[^1];
        if (standing)
        {
            return above || now - history.FindLast(step => step.Above).At < interval;
        }

        int firstAbove = history.FindLastIndex(step => !step.Above) + 1;
        return above && now - history[firstAbove].At >= interval;
    }

    private static long Of(TimeProvider time, double milliseconds) => (long)(milliseconds / 1000 * time.TimestampFrequency);

    private StandingQueue New() => new(Options, _time);

    private StandingQueue Standing()
    {
        StandingQueue queue = New();
        queue.Observe(Milliseconds(6), Now);
        Advance(100);
        Assert.True(queue.Observe(Milliseconds(6), Now));
        Assert.True(queue.IsStanding);
        return queue;
    }

    private long Milliseconds(double milliseconds) => Of(_time, milliseconds);

    private void Advance(double milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
}
