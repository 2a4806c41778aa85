using FastMixer.Engine.Diagnostics;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports;
using FastMixer.Engine.Reports.Accounting;
using FastMixer.Engine.Reports.Delivery;
using FastMixer.Engine.Reports.Threads;
using FastMixer.Engine.Tests.Support;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Words;

namespace FastMixer.Engine.Tests.Reports;

/// <summary>What should not happen is dropped and counted with its reason, and ends no thread that others need.</summary>
public sealed class ReportFaultTests : IDisposable
{
    private const string Meter = "sink.handler.istio-system";

    private const string Policy = """
        kind: handler
        metadata: {name: sink}
        spec: {compiledAdapter: sink, params: {kind: counter}}
        ---
        kind: metric
        metadata: {name: size}
        spec: {value: request.size | 0}
        ---
        kind: rule
        metadata: {name: all}
        spec: {actions: [{handler: sink, instances: [size.metric]}]}
        """;

    private readonly LogLines _log = new();

    public static TheoryData<string, byte[], int, int> Malformed()
    {
        byte[] whole = TestEngine.EncodeReport(Size(1), Size(2), Size(3));
        int afterFirst = TestEngine.EncodeReport(Size(1)).Length;
        byte[] strange = [.. whole];
        strange[afterFirst] = 0xc1;
        return new()
        {
            { "no message", [0xc1], 3, 0 },
            { "nothing at all", [], 3, 0 },
            { "no array of records", whole[..3], 3, 0 },
            { "another type where the second record begins", strange, 3, 1 },
            { "the last record is cut short", whole[..^1], 3, 2 },
            { "something behind the last record", [.. whole, 1], 3, 2 },
            { "fewer records than were said", whole, 5, 3 },
            { "more records than were said", whole, 2, 2 },
        };
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task MalformedReport_IsDelivered_UpToTheFault_AndTheRestIsDropped(string fault, byte[] message, int records, int delivered)
    {
        await using TestEngine engine = Start();

        engine.Report(message, records);
        await SettledAsync(engine, records);
        engine.Report(Size(4));
        await SettledAsync(engine, records + 1);

        EngineCounters counters = engine.Engine.Counters;
        Assert.True(
            (delivered + 1, records - delivered) == (counters.RecordsDelivered, counters.RecordsDropped(DropReason.Malformed)),
            $"{fault}: {counters.RecordsDelivered} delivered, {counters.RecordsDropped(DropReason.Malformed)} malformed");
        Assert.Equal(delivered + 1, engine.Engine.Current.ReportCounters[Meter].Sent);
        Assert.Empty(_log.All);
    }

    [Fact]
    public async Task ErrorsOfTheIntake_AreCounted_ToldOnce_AndItGoesOn()
    {
        await using TestEngine engine = Start();
        byte[] message = TestEngine.EncodeReport(Size(1), Size(2));

        // No configuration to read them with: neither can they be read, nor can its lease be given back. So many that some wait behind one that fails.
        for (int i = 0; i < 100; i++)
        {
            engine.Engine.Reports.Offer(message, 2, default, null, WordList.Version1Count);
        }

        await SettledAsync(engine, 200);
        engine.Report(message, 2);
        await SettledAsync(engine, 202);

        Assert.Equal((2, 200), (engine.Engine.Counters.RecordsDelivered, engine.Engine.Counters.RecordsDropped(DropReason.InternalError)));
        Assert.StartsWith("Error the intake of reports: an error of this server itself.", Assert.Single(_log.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ErrorsOfAHandlersWorker_AreCounted_ToldOnce_AndItGoesOn()
    {
        await using TestEngine engine = Start();
        Shipment shipment = engine.Engine.Current.Reports.Of(engine.Engine.Current.Policy.Rules[0])[0];
        HandlerCounters handler = shipment.Worker.Counters;
        var counters = new EngineCounters();
        ReportTicket ticket = new TicketPool(counters, 1).Get(2);
        var wrong = new SendPlan(shipment.Plan.Table!, [0, 99]);

        counters.CountOffered(2, 0);
        Assert.True(shipment.Worker.TrySend(new SentTag(wrong, ticket, 0), 0, [1, 2], []));
        Assert.True(shipment.Worker.TrySend(new SentTag(wrong, ticket, 1), 0, [1, 2], []));
        ticket.EndReading(2);
        engine.Report(Size(1));
        await SettledAsync(engine, 1);
        await Eventually.TrueAsync(() => handler.Delivered == 3);

        Assert.Equal((2, 0), (counters.RecordsDropped(DropReason.InternalError), counters.RecordsHeld));
        Assert.Equal((5, 2, 0), (handler.Sent, handler.Dropped(DropReason.InternalError), handler.Held));
        Assert.StartsWith($"Error {Meter}: an error of this server itself.", Assert.Single(_log.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Thread_GoesOn_AfterWorkThatThrows()
    {
        int calls = 0;
        var failures = new List<string>();
        var thread = new ReportThread(
            "test", () => Interlocked.Increment(ref calls) == 1 ? throw new InvalidOperationException("first") : false, failure => failures.Add(failure.Message));

        thread.Wake();
        await Eventually.TrueAsync(() => Volatile.Read(ref calls) == 1);
        thread.Wake();
        await Eventually.TrueAsync(() => Volatile.Read(ref calls) == 2);
        thread.End();

        Assert.Equal(["first"], failures);
    }

    public void Dispose() => _log.Dispose();

    private TestEngine Start() => TestEngine.Start(
        Policy, new HandlerServices(TimeProvider.System, Stream.Null, Stream.Null) { Loggers = _log }, new SinkAdapter());

    private static Action<AttributeWriter> Size(long size) => record => record.Set("request.size", size);

    private static Task SettledAsync(TestEngine engine, long records) =>
        Eventually.TrueAsync(() => engine.Engine.Counters.RecordsAccepted == records && engine.Engine.Counters.RecordsHeld == 0);
}
