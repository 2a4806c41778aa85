using FastMixer.Engine.Diagnostics;
using FastMixer.Engine.Reports;
using FastMixer.Engine.Reports.Accounting;
using FastMixer.Protocol.Buffers;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastMixer.Engine.Tests.Reports;

/// <summary>A lane ends when everything that was taken is read.</summary>
public sealed class IntakeLaneTests
{
    private readonly EngineCounters _counters = new();

    [Fact]
    public async Task Stop_WaitsForAReport_ThatIsStillBeingWritten()
    {
        using var lane = new IntakeLane(1 << 20, _counters, new ReportFaults(NullLoggerFactory.Instance, "test"));
        _counters.CountOffered(2, 0);

        await StopWhileWriting(lane, new TicketPool(_counters, 2));

        // There is no configuration to read them with, so all that can become of them is this.
        Assert.Equal((2, 0), (_counters.RecordsDropped(DropReason.InternalError), _counters.RecordsHeld));
    }

    private Task StopWhileWriting(IntakeLane lane, TicketPool tickets)
    {
        Assert.True(lane.TryClaim(1, out RingClaim<ReportMessage> first));
        Assert.True(lane.TryClaim(1, out RingClaim<ReportMessage> second));
        first.Publish(new ReportMessage(tickets.Get(1), default, null, 0));
        Task stopped = lane.StopAsync();
        Assert.True(SpinWait.SpinUntil(() => _counters.RecordsHeld == 1, TimeSpan.FromSeconds(30)), "The first was not read within 30 s.");

        second.Publish(new ReportMessage(tickets.Get(1), default, null, 0));
        lane.Wake();
        return stopped;
    }
}
