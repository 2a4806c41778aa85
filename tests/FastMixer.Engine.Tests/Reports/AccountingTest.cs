using FastMixer.Engine.Reports.Accounting;
using FastMixer.Engine.Tests.Support;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Engine.Tests.Reports;

/// <summary>One rule that counts or logs the records it is sent, and what must hold of the sums afterwards.</summary>
public abstract class AccountingTest
{
    protected const string Log = "log.handler.istio-system";
    protected const string Meter = "meter.handler.istio-system";

    private protected SinkAdapter Sink { get; } = new();

    private protected static Action<AttributeWriter> Path(string path, long size) => record =>
    {
        record.Set("request.path", path);
        record.Set("request.size", size);
    };

    /// <summary>One rule that logs, or counts; with more, one that counts and then logs.</summary>
    private protected static string Policy(string kind, string parameters, string? more = null)
    {
        string meter = kind == "none" ? "" : "{handler: meter, instances: [size.metric]},";
        string log = kind == "none" || more is not null ? "{handler: log, instances: [line.logentry]}" : "";
        return $$"""
            kind: handler
            metadata: {name: log}
            spec:
              compiledAdapter: sink
              params: { {{parameters}} }
            ---
            kind: handler
            metadata: {name: meter}
            spec:
              compiledAdapter: sink
              params: {kind: {{kind}} }
            ---
            kind: logentry
            metadata: {name: line}
            spec:
              variables: {path: request.path | "", size: request.size | 0}
            ---
            kind: metric
            metadata: {name: size}
            spec:
              value: request.size | 0
              dimensions: {path: request.path | ""}
            ---
            kind: rule
            metadata: {name: all}
            spec:
              actions: [{{meter}} {{log}}]
            """;
    }

    private protected TestEngine Start(string kind, string parameters = "", string? more = null) => TestEngine.Start(Policy(kind, parameters, more), Sink);

    private protected static IEnumerable<KeyValuePair<DropReason, long>> Dropped(TestEngine engine) =>
        Enum.GetValues<DropReason>().Select(reason => KeyValuePair.Create(reason, engine.Engine.Counters.RecordsDropped(reason)));

    private protected static void AssertRecords(TestEngine engine, long delivered, params (DropReason Reason, long Count)[] dropped)
    {
        Assert.Equal(delivered, engine.Engine.Counters.RecordsDelivered);
        Assert.Equal(
            dropped.Select(pair => KeyValuePair.Create(pair.Reason, pair.Count)), Dropped(engine).Where(pair => pair.Value > 0));
    }

    /// <summary>Of the records, and the same of the instances of the one log.</summary>
    private protected static void AssertSums(TestEngine engine, long delivered, params (DropReason Reason, long Count)[] dropped)
    {
        AssertRecords(engine, delivered, dropped);
        HandlerCounters log = engine.Engine.Current.ReportCounters[Log];
        Assert.Equal((delivered, 0), (log.Delivered, log.Held));
        Assert.All(dropped, pair => Assert.Equal(pair.Count, log.Dropped(pair.Reason)));
    }

    private protected static Task Settled(TestEngine engine, long records) =>
        Eventually.TrueAsync(() => engine.Engine.Counters.RecordsAccepted == records && engine.Engine.Counters.RecordsHeld == 0);
}
