using FastMixer.Engine.Diagnostics;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports;
using FastMixer.Engine.Reports.Accounting;
using FastMixer.Engine.Reports.Delivery;
using FastMixer.Engine.Snapshots;
using FastMixer.Engine.Tests.Support;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Words;
using FastMixer.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastMixer.Engine.Tests.Reports;

/// <summary>What the way of a report costs, and what it does not cost checks.</summary>
public sealed class ReportPathTests
{
    private const string Policy = """
        kind: handler
        metadata: {name: meter}
        spec: {compiledAdapter: sink, params: {kind: distribution}}
        ---
        kind: handler
        metadata: {name: log}
        spec: {compiledAdapter: sink, params: {ring: 300000, batch: 100}}
        ---
        kind: metric
        metadata: {name: size}
        spec: {value: request.size | 0, dimensions: {path: request.path | "", method: request.method | "unknown"}}
        ---
        kind: metric
        metadata: {name: count}
        spec: {value: "1", dimensions: {path: request.path | "", method: request.method | "unknown"}}
        ---
        kind: logentry
        metadata: {name: line}
        spec: {variables: {path: request.path | "", size: request.size | 0}}
        ---
        kind: instance
        metadata: {name: nothing}
        spec: {compiledTemplate: checknothing}
        ---
        kind: handler
        metadata: {name: fake}
        spec: {compiledAdapter: fake}
        ---
        kind: rule
        metadata: {name: reports}
        spec:
          match: (request.method | "") != "OPTIONS"
          actions:
          - {handler: meter, instances: [size.metric, count.metric]}
          - {handler: log, instances: [line.logentry]}
        ---
        kind: rule
        metadata: {name: checks}
        spec: {actions: [{handler: fake, instances: [nothing]}]}
        """;

    private readonly SinkAdapter _sink = new();

    [Fact]
    public async Task Record_ReadSummedUpAndDelivered_AllocatesNothing()
    {
        var adapters = new AdapterRegistry([new FakeAdapter(), _sink]);
        var snapshot = LiveSnapshot.Start(TestEngine.Load(Policy, adapters), adapters, new HandlerServices(TimeProvider.System, Stream.Null, Stream.Null));
        await using var engine = new MixerEngine(snapshot);
        var counters = new EngineCounters();
        var tickets = new TicketPool(counters, 4);
        using var delivery = new ReportDelivery(counters, new ReportFaults(NullLoggerFactory.Instance, "test"));
        ReportWorker[] workers = [.. snapshot.Reports.Of(snapshot.Policy.Rules[0]).ToArray().Select(shipment => shipment.Worker)];
        byte[] message = TestEngine.EncodeReport([.. Enumerable.Range(0, 50).Select(i => Record("/" + (i % 7), i))]);

        AllocationAssert.Zero(200, () =>
        {
            counters.CountOffered(50, 0);
            delivery.Deliver(new ReportMessage(tickets.Get(50), new SnapshotLease(snapshot, 0), null, WordList.Version1Count), message);
            foreach (ReportWorker worker in workers)
            {
                worker.Work();
            }
        });

        Assert.Equal(0, counters.RecordsHeld);
        Assert.Equal(counters.RecordsAccepted, counters.RecordsDelivered);
    }

    [Fact]
    public async Task Checks_AreAnsweredAtOnce_WhileReportsHaveNoRoom()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _sink.Deliver = async (_, cancellation) => await gate.Task.WaitAsync(cancellation);
        await using TestEngine engine = TestEngine.Start(Policy, TimeProvider.System, new ReportOptions { MaxBytes = 400_000 }, _sink);
        byte[] message = TestEngine.EncodeReport([.. Enumerable.Range(0, 100).Select(i => Record("/" + i, i))]);
        using var stop = new CancellationTokenSource();
        Task reporting = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                engine.Report(message, 100);
            }
        });
        while (engine.Engine.Counters.RecordsDropped(DropReason.HandlerFull) == 0 && engine.Engine.Current.ReportCounters["log.handler.istio-system"].Dropped(DropReason.HandlerFull) == 0)
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        for (int i = 0; i < 1_000; i++)
        {
            Answer answer = await engine.CheckAsync();
            Assert.Equal(StatusCode.Ok, answer.Status);
        }

        await stop.CancelAsync();
        await reporting;
        gate.SetResult();
    }

    [Fact]
    public async Task SeveralWorkers_KeepTheSums()
    {
        await using TestEngine engine = TestEngine.Start(Policy, TimeProvider.System, new ReportOptions { Workers = 3 }, _sink);
        byte[] message = TestEngine.EncodeReport([.. Enumerable.Range(0, 100).Select(i => Record("/" + i, i))]);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 50; i++)
            {
                engine.Report(message, 100);
            }
        })));

        EngineCounters counters = engine.Engine.Counters;
        while (counters.RecordsHeld > 0)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        Assert.Equal(20_000, counters.RecordsAccepted);
        Assert.Equal(20_000, counters.RecordsDelivered + Enum.GetValues<DropReason>().Sum(counters.RecordsDropped));
    }

    private static Action<AttributeWriter> Record(string path, long size) => record =>
    {
        record.Set("request.path", path);
        record.Set("request.size", size);
        record.Set("request.method", "GET");
    };
}
