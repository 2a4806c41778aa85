using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FastMixer.Engine.Backends;
using FastMixer.Engine.Checks;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.Engine.Tests.Backends;

/// <summary>An engine with one handler before a <see cref="FakeBackend"/>, to which each check sends its <c>source.name</c>; on a clock of its own.</summary>
internal sealed class BackendRig : IAsyncDisposable
{
    private static int Number;

    private readonly LogLines _log = new();
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly string _name = $"h{Interlocked.Increment(ref Number)}";

    private BackendRig(string resilience, string onError, bool counts, FakeTimeProvider time)
    {
        Time = time;
        HandlerName = $"{_name}.handler.istio-system";
        Policy = PolicyOf(resilience, onError);
        Engine = TestEngine.Start(Policy, new HandlerServices(Time, Stream.Null, Stream.Null) { Loggers = _log }, Backend);
        _listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "FastMixer.Backends")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, count, tags, _) =>
        {
            if ((string?)tags[0].Value == HandlerName)
            {
                // Nothing is captured: what others count comes here too, and a closure would be an allocation of theirs.
                string what = $"{instrument.Name["fastmixer.backend.".Length..]}: {tags[1].Value}";
                _counts.AddOrUpdate(what, static (_, more) => more, static (_, known, more) => known + more, count);
            }
        });
        if (counts)
        {
            _listener.Start();
        }
    }

    public FakeTimeProvider Time { get; }

    public FakeBackend Backend { get; } = new();

    public TestEngine Engine { get; }

    public string Policy { get; }

    public string HandlerName { get; }

    public BackendHandler Handler => Engine.Engine.Current.Backends.OfType<BackendHandler>().Single();

    /// <summary>What was told, a line each: level and message, without the handler's name.</summary>
    public IReadOnlyList<string> Log => _log.Lines(HandlerName);

    public static BackendRig Start(string resilience = "{}", string onError = "", FakeTimeProvider? time = null) =>
        new(resilience, onError, counts: true, time ?? new FakeTimeProvider());

    /// <summary>One that counts nothing: its own counting would show as allocations.</summary>
    public static BackendRig StartQuiet() => new("{}", "", counts: false, new FakeTimeProvider());

    /// <summary>What was counted, such as <c>checks: cache</c>.</summary>
    public long Counted(string what) => _counts.GetValueOrDefault(what);

    public string PolicyOf(string resilience, string onError = "") => $$"""
        kind: handler
        metadata: {name: {{_name}}}
        spec:
          compiledAdapter: backend
          params: {label: {{_name}}}
          resilience: {{resilience}}
          {{onError}}
        ---
        kind: instance
        metadata: {name: entry}
        spec: {compiledTemplate: listentry, params: {value: source.name | ""} }
        ---
        kind: rule
        metadata: {name: asks}
        spec: {actions: [{handler: {{_name}}, instances: [entry]}]}

        """;

    /// <summary>Answers a check.</summary>
    /// <param name="name">Its <c>source.name</c>.</param>
    /// <param name="patience">How long it waits; null for as long as it takes.</param>
    /// <param name="isRenewal">Whether it renews an answer.</param>
    public Task<Answer> CheckAsync(string name = "a", TimeSpan? patience = null, bool isRenewal = false) =>
        Engine.CheckAsync(Encode(name), 0, call =>
        {
            call.Deadline = patience is { } time ? CheckDeadline.After(Time.GetTimestamp(), time, Time) : CheckDeadline.None;
            call.IsRenewal = isRenewal;
        });

    public static byte[] Encode(string name) => TestEngine.Encode(attributes => attributes.Set("source.name", name));

    /// <summary>Lets time pass in steps until a task has ended, so that timers which are set meanwhile run too.</summary>
    public async Task<Answer> PassAsync(Task<Answer> check, TimeSpan atMost)
    {
        var step = TimeSpan.FromMilliseconds(5);
        for (TimeSpan passed = default; passed < atMost && !check.IsCompleted; passed += step)
        {
            Time.Advance(step);
            await Task.Delay(1);
        }

        return await check;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await Engine.DisposeAsync();
    }
}
