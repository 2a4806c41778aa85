using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Engine.Reports.Accounting;
using FastMixer.Engine.Tests.Support;
using FastMixer.Policy.Config;
using FastMixer.Protocol.Attributes;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.Adapters.Tests.Support;

/// <summary>An engine whose one handler, <c>sink</c>, takes some instances of every record that is reported.</summary>
internal sealed class ReportedPolicy : IAsyncDisposable
{
    private readonly TestEngine _engine;

    private readonly TimeProvider _time;

    private ReportedPolicy(TestEngine engine, TimeProvider time)
    {
        _engine = engine;
        _time = time;
    }

    /// <summary>What became of the handler's instances.</summary>
    public HandlerCounters Counters => _engine.Engine.Current.ReportCounters["sink.handler.istio-system"];

    public static ReportedPolicy Start(string adapter, string parameters, params (string Name, string Template, string Fields)[] instances) =>
        Start(TimeProvider.System, adapter, parameters, instances);

    public static ReportedPolicy Start(
        TimeProvider time, string adapter, string parameters, params (string Name, string Template, string Fields)[] instances) =>
        new(TestEngine.Start(Text(adapter, parameters, instances), time, [.. BuiltInAdapters.All]), time);

    /// <summary>The problems of a policy.</summary>
    public static IReadOnlyList<string> Problems(string adapter, string parameters, params (string Name, string Template, string Fields)[] instances) =>
        [.. ConfigLoader.Load([new ConfigSource("policy.yaml", Text(adapter, parameters, instances))], BuiltInAdapters.Registry.Catalog)
            .Problems.Select(problem => problem.ToString())];

    /// <summary>Reports records. Each attribute may be set once: what a session would refuse is not looked for here.</summary>
    public void Report(params Action<AttributeWriter>[] records) =>
        Assert.Equal(records.Length, _engine.Report(records).Accepted);

    /// <summary>Waits until every instance has come to an end, and asserts what became of them.</summary>
    public async Task SettledAsync(long delivered, long rejected = 0, long failed = 0)
    {
        await Eventually.TrueAsync(() => Counters.Sent >= delivered + rejected + failed && Counters.Held == 0);
        Assert.Equal(
            (delivered, rejected, failed),
            (Counters.Delivered, Counters.Dropped(DropReason.Rejected), Counters.Dropped(DropReason.HandlerError)));
        Assert.Equal(delivered + rejected + failed, Counters.Sent);
    }

    // What the engine gives its handlers to end passes only if somebody lets it.
    public async ValueTask DisposeAsync()
    {
        Task ended = _engine.DisposeAsync().AsTask();
        while (_time is FakeTimeProvider fake && !ended.IsCompleted)
        {
            fake.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await ended;
    }

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
