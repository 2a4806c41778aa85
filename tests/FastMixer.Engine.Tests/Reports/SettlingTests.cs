using FastMixer.Engine.Reports.Accounting;
using FastMixer.Engine.Reports.Metrics;
using FastMixer.Engine.Tests.Support;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Engine.Tests.Reports;

/// <summary>What a handler confirms or rejects out of turn stays so, however the rest ends.</summary>
public sealed class SettlingTests
{
    private readonly SinkAdapter _sink = new();

    [Fact]
    public async Task RecordsSettledWhereTheyStand_AreKnownWhenTheBatchComesAgain_AndCountOnce()
    {
        var offered = new List<bool[]>();
        _sink.Deliver = (batch, _) =>
        {
            offered.Add([.. Enumerable.Range(0, batch.Count).Select(batch.IsSettled)]);
            batch.ConfirmAt(1);
            batch.Reject(2);
            batch.Reject(1);
            batch.ConfirmAt(2);
            return offered.Count == 1 ? ValueTask.FromException(new IOException("reset")) : default;
        };
        await using TestEngine engine = Start("none");

        engine.Report(Size(1), Size(2), Size(3), Size(4));
        HandlerCounters counters = engine.Engine.Current.ReportCounters["sink.handler.istio-system"];
        await SettledAsync(counters, 4);

        Assert.Equal([[false, false, false, false], [false, true, true, false]], offered);
        Assert.Equal((3, 1, 1), (counters.Delivered, counters.Dropped(DropReason.Rejected), counters.FailedAttempts));
        Assert.Equal((3, 1), (engine.Engine.Counters.RecordsDelivered, engine.Engine.Counters.RecordsDropped(DropReason.Rejected)));
    }

    [Fact]
    public async Task SettledRecords_AreNotDroppedWithTheRest()
    {
        _sink.Deliver = static (batch, _) =>
        {
            batch.ConfirmAt(0);
            return ValueTask.FromException(new IOException("reset"));
        };
        await using TestEngine engine = Start("none");

        engine.Report(Size(1), Size(2));
        HandlerCounters counters = engine.Engine.Current.ReportCounters["sink.handler.istio-system"];
        await SettledAsync(counters, 2);

        Assert.Equal((1, 1), (counters.Delivered, counters.Dropped(DropReason.HandlerError)));
    }

    [Fact]
    public async Task RejectedSeries_IsDropped_AndNoPartOfTheNextExport()
    {
        int exports = 0;
        var exported = new List<long>();
        _sink.Export = (export, _) =>
        {
            exports++;
            foreach (MetricSeriesSet set in export.Metrics)
            {
                foreach (MetricSeries series in set)
                {
                    exported.Add(series.Integer);
                    set.Reject(series.Number);
                }
            }

            return exports == 1 ? ValueTask.FromException(new IOException("reset")) : default;
        };
        HandlerCounters counters;
        await using (TestEngine engine = Start("counter"))
        {
            counters = engine.Engine.Current.ReportCounters["sink.handler.istio-system"];
            engine.Report(Size(1), Size(2));
            await SettledAsync(counters, 2);
            engine.Report(Size(4));
        }

        Assert.Equal([3L, 4], exported);
        Assert.Equal((0, 3), (counters.Delivered, counters.Dropped(DropReason.Rejected)));
    }

    private static Action<AttributeWriter> Size(long size) => record => record.Set("request.size", size);

    private static async Task SettledAsync(HandlerCounters counters, long sent)
    {
        for (int i = 0; i < 3_000 && (counters.Sent < sent || counters.Held > 0); i++)
        {
            await Task.Delay(10);
        }

        Assert.Equal((sent, 0), (counters.Sent, counters.Held));
    }

    private TestEngine Start(string kind) => TestEngine.Start(
        $$"""
        kind: handler
        metadata: {name: sink}
        spec:
          compiledAdapter: sink
          params: {kind: {{kind}}}
        ---
        kind: metric
        metadata: {name: size}
        spec: {value: request.size | 0}
        ---
        kind: rule
        metadata: {name: all}
        spec:
          actions: [{handler: sink, instances: [size.metric]}]
        """,
        _sink);
}
