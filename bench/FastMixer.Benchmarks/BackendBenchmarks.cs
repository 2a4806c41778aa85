using BenchmarkDotNet.Attributes;
using FastMixer.Engine;
using FastMixer.Engine.Backends;
using FastMixer.Engine.Backends.Answers;
using FastMixer.Engine.Checks;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Snapshots;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;

namespace FastMixer.Benchmarks;

/// <summary>
/// What stands between a check and a backend costs: an answer that is remembered, one that a thousand checks wait for together, and one that is asked
/// for alone, of a backend that answers at once.
/// </summary>
[MemoryDiagnoser]
public class BackendBenchmarks
{
    private const int Waiters = 1_000;

    private const string Policy = """
        kind: handler
        metadata: {name: remembered}
        spec: {compiledAdapter: instant, params: {life: 24h} }
        ---
        kind: handler
        metadata: {name: forgotten}
        spec: {compiledAdapter: instant}
        ---
        kind: handler
        metadata: {name: slow}
        spec: {compiledAdapter: instant, params: {waits: true}, resilience: {timeout: 1m} }
        ---
        kind: instance
        metadata: {name: entry}
        spec: {compiledTemplate: listentry, params: {value: source.workload.name} }
        ---
        kind: rule
        metadata: {name: all}
        spec:
          match: source.namespace == "nowhere"
          actions: [{handler: remembered, instances: [entry]}, {handler: forgotten, instances: [entry]}, {handler: slow, instances: [entry]}]
        """;

    // In the order of the policy.
    private enum Handlers
    {
        Remembered,
        Forgotten,
        Slow,
    }

    private readonly InstantAdapter _adapter = new();
    private readonly AnswerRoom _room = new();
    private readonly InstanceValues _values = new();
    private readonly ValueTask<HandlerAnswer>[] _waiting = new ValueTask<HandlerAnswer>[Waiters];
    private MixerEngine _engine = null!;

    [GlobalSetup]
    public void Setup()
    {
        var registry = new AdapterRegistry([_adapter]);
        LoadResult loaded = ConfigLoader.Load([new ConfigSource("benchmark.yaml", Policy)], registry.Catalog);
        Snapshot policy = loaded.Snapshot ?? throw new InvalidOperationException(string.Join('\n', loaded.Problems));
        _engine = new MixerEngine(LiveSnapshot.Start(policy, registry, new HandlerServices(TimeProvider.System, Stream.Null, Stream.Null)));
        CheckCall call = _engine.Calls.Get();
        SampleCheck.Decode(call, _engine, SampleCheck.Encode());
        call.Start();
        if (!_values.TryEvaluate(policy.Rules[0].Actions[0].Instance, call.Context, out _))
        {
            throw new InvalidOperationException("The sample has no workload.");
        }

        _engine.Calls.Return(call);
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _engine.DisposeAsync();
        _room.Dispose();
        _values.Dispose();
    }

    [Benchmark(Baseline = true)]
    public bool Remembered()
    {
        ValueTask<HandlerAnswer> answer = Ask(Handlers.Remembered);
        return answer.IsCompletedSuccessfully && answer.Result.Failure is null;
    }

    [Benchmark]
    public async Task<bool> AskedAloneAsync() => (await Ask(Handlers.Forgotten)).Failure is null;

    [Benchmark(OperationsPerInvoke = Waiters)]
    public async Task<int> AskedTogetherAsync()
    {
        for (int i = 0; i < Waiters; i++)
        {
#pragma warning disable CA2012 // Each is awaited once, below.
            _waiting[i] = Ask(Handlers.Slow);
#pragma warning restore CA2012
        }

        _adapter.AnswerNow();
        int answered = 0;
        for (int i = 0; i < Waiters; i++)
        {
            answered += (await _waiting[i]).Failure is null ? 1 : 0;
        }

        return answered;
    }

    private ValueTask<HandlerAnswer> Ask(Handlers handler)
    {
        BackendHandler backend = _engine.Current.Backends[(int)handler]!;
        return backend.AskAsync(_values, CheckDeadline.None, isRenewal: false, _room);
    }

    /// <summary>An adapter whose backend answers at once, or when it is told to.</summary>
    private sealed class InstantAdapter : Adapter
    {
        private TaskCompletionSource<CheckResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override AdapterDescriptor Descriptor { get; } = new(
            "instant", ["listentry"], reader => new Settings(reader.Duration("life", TimeSpan.Zero), reader.Bool("waits", false)))
        {
            HasBackend = true,
        };

        public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services) => new Handler(this, (Settings)definition.Parameters);

        public void AnswerNow()
        {
            TaskCompletionSource<CheckResult> answer = _answer;
            _answer = new TaskCompletionSource<CheckResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            answer.SetResult(CheckResult.AllowedOnce);
        }

        private sealed record Settings(TimeSpan Life, bool Waits);

        private sealed class Handler(InstantAdapter adapter, Settings settings) : ICheckBackend
        {
            public ValueTask<CheckResult> AskAsync(InstanceValues instance, CancellationToken cancellationToken) =>
                settings.Waits ? new(adapter._answer.Task) : new(CheckResult.AllowedOnce with { ValidDuration = settings.Life, ValidUseCount = -1 });

            public ValueTask DisposeAsync() => default;
        }
    }
}
