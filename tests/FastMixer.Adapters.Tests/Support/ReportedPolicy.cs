using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Engine.Reports.Accounting;
using FastMixer.Engine.Tests.Support;
using FastMixer.Policy.Config;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Adapters.Tests.Support;

/// <summary>An engine whose one handler, <c>sink</c>, takes some instances of every record that is reported.</summary>
internal sealed class ReportedPolicy : IAsyncDisposable
{
    private readonly TestEngine _engine;

    private ReportedPolicy(TestEngine engine) => _engine = engine;

    /// <summary>What became of the handler's instances.</summary>
    public HandlerCounters Counters => _engine.Engine.Current.ReportCounters["sink.handler.istio-system"];

    public static ReportedPolicy Start(string adapter, string parameters, params (string Name, string Template, string Fields)[] instances) =>
        Start(TimeProvider.System, adapter, parameters, instances);

    public static ReportedPolicy Start(
        TimeProvider time, string adapter, string parameters, params (string Name, string Template, string Fields)[] instances) =>
        new(TestEngine.Start(Text(adapter, parameters, instances), time, [.. BuiltInAdapters.All]));

    /// <summary>The problems of a policy.</summary>
    public static IReadOnlyList<string> Problems(string adapter, string parameters, params (string Name, string Template, string Fields)[] instances) =>
        [.. ConfigLoader.Load([new ConfigSource("policy.yaml", Text(adapter, parameters, instances))], BuiltInAdapters.Registry.Catalog)
            .Problems.Select(problem => problem.ToString())];

    /// <summary>Reports records.</summary>
    public void Report(params Action<AttributeWriter>[] records) => _engine.Report(records);

    /// <summary>Waits until every instance has come to an end, and asserts what became of them.</summary>
    public async Task SettledAsync(long delivered, long rejected = 0, long failed = 0)
    {
        await Eventually.TrueAsync(() => Counters.Sent >= delivered + rejected + failed && Counters.Held == 0);
        Assert.Equal(
            (delivered, rejected, failed),
            (Counters.Delivered, Counters.Dropped(DropReason.Rejected), Counters.Dropped(DropReason.HandlerError)));
        Assert.Equal(delivered + rejected + failed, Counters.Sent);
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private static string Text(string adapter, string parameters, (string Name, string Template, string Fields)[] instances)
    {
        string names = string.Join(", ", instances.Select(instance => $"{instance.Name}.{instance.Template}"));
        IEnumerable<string> resources = instances.Select(instance => $$"""

            ---
            kind: {{instance.Template}}
            metadata: {name: {{instance.Name}}}
            spec: {{{instance.Fields}}}
            """);
        return $$"""
            kind: handler
            metadata: {name: sink}
            spec:
              compiledAdapter: {{adapter}}
              params: {{{parameters}}}
            ---
            kind: rule
            metadata: {name: all}
            spec:
              actions: [{handler: sink, instances: [{{names}}]}]
            """ + string.Concat(resources);
    }
}
