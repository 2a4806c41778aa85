using FastMixer.LoadTest.Dialects;
using FastMixer.LoadTest.Experiments;
using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest.Tests.Load;

public sealed class OverloadStepTests
{
    [Fact]
    public void Of_EachKindOfOutcome_SharesSumUpToOne()
    {
        var seen = new Measurement();
        for (var i = 0; i < 5; i++)
        {
            seen.RecordVerdict(ticks: 100, status: 0, bytes: 10);
        }

        seen.RecordLate();
        seen.RecordRefusal(11);
        seen.RecordRefusal(11);
        seen.RecordRefusal(16);
        seen.RecordRefusal(12);
        seen.RecordUnsent(waitedTicks: 100);

        var step = OverloadStep.Of(factor: 2, rate: 10, Side(seen));

        Assert.Equal(0.4, step.InTime, 1e-9);
        Assert.Equal(0.1, step.Late, 1e-9);
        Assert.Equal(0.2, step.Shed, 1e-9);
        Assert.Equal(0.1, step.Expired, 1e-9);
        Assert.Equal(0.2, step.Failed, 1e-9);
    }

    [Fact]
    public void Of_NothingAtAll_HasNoShares()
    {
        var step = OverloadStep.Of(factor: 2, rate: 10, Side(new Measurement()));
        Assert.Equal(0, step.InTime + step.Late + step.Shed + step.Expired + step.Failed);
    }

    private static Side Side(Measurement seen)
    {
        var target = new Target(ServerAddress.Parse("tcp://127.0.0.1:1"), RedisDialect.Instance, new RedisGet(9), KeySource.Distinct(), ProcessId: null);
        return new Side("side", target, [new RoundResult(seen, TimeSpan.FromSeconds(1), ServerCpuSeconds: null, GeneratorCpuSeconds: null)]);
    }
}
