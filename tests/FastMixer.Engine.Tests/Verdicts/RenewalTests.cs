using FastMixer.Engine.Handlers;
using FastMixer.Engine.Tests.Support;
using FastMixer.Engine.Verdicts;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Messages;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.Engine.Tests.Verdicts;

/// <summary>What a backend was asked for is asked again before its time is over, if it is still in demand.</summary>
public sealed class RenewalTests
{
    private const string Policy = """
        kind: handler
        metadata: {name: far}
        spec: {compiledAdapter: far}
        ---
        kind: instance
        metadata: {name: path}
        spec: {compiledTemplate: listentry, params: {value: request.path}}
        ---
        kind: rule
        metadata: {name: far}
        spec: {actions: [{handler: far, instances: [path]}], responseHeaderOperations: [{name: x-user, values: ['source.user | "none"']}]}
        """;

    private readonly FakeTimeProvider _time = new();
    private readonly FarAdapter _far = new();

    [Fact]
    public async Task Verdict_LateInItsLife_IsRenewedBesideTheRequest()
    {
        await using TestEngine engine = Start();
        await Ask(engine, "/a");
        _time.Advance(TimeSpan.FromSeconds(7));
        await Ask(engine, "/a");
        Assert.Equal(0, Renewals(engine).Started);
        _time.Advance(TimeSpan.FromSeconds(2.5));

        Answer late = await Ask(engine, "/a");
        await Until(() => Renewals(engine).Renewed == 1);
        Answer renewed = await Ask(engine, "/a");

        Assert.Equal(TimeSpan.FromSeconds(0.5), late.ValidDuration);
        Assert.Equal(TimeSpan.FromSeconds(10), renewed.ValidDuration);
        Assert.Equal((2, 3, 1), (_far.Asked, engine.Engine.VerdictStatistics!.Hits, engine.Engine.VerdictStatistics.Misses.Total));
    }

    [Fact]
    public async Task Verdict_ThatIsBeingRenewed_IsNotRenewedTwice()
    {
        await using TestEngine engine = Start();
        await Ask(engine, "/a");
        _time.Advance(TimeSpan.FromSeconds(9.5));
        _far.Holds = true;

        for (int i = 0; i < 10; i++)
        {
            await Ask(engine, "/a");
        }

        await Until(() => _far.Asked == 2);
        Assert.Equal(1, Renewals(engine).Started);
        _far.LetGo();
        await Until(() => Renewals(engine).Renewed == 1);
    }

    [Fact]
    public async Task Renewals_BeyondWhatIsAllowedAtOnce_AreRefused()
    {
        await using TestEngine engine = Start(new VerdictCacheOptions { MaxRenewals = 2 });
        string[] paths = [.. Enumerable.Range(0, 6).Select(path => $"/{path}")];
        foreach (string path in paths)
        {
            await Ask(engine, path);
        }

        _time.Advance(TimeSpan.FromSeconds(9.5));
        _far.Holds = true;
        foreach (string path in paths)
        {
            await Ask(engine, path);
        }

        // One whose hash, another in each process, shares its place with that of an earlier one is not even offered.
        Assert.Equal(2, Renewals(engine).Started);
        Assert.InRange(Renewals(engine).Refused, 1, 4);
        _far.LetGo();
        await Until(() => Renewals(engine).Renewed == 2);
        Assert.Equal(paths.Length + 2, _far.Asked);
    }

    // A backend's answer that still holds stands in where the backend fails, so this is a handler that answers from memory but takes its time.
    [Fact]
    public async Task Renewal_ThatFails_LeavesTheVerdict_AndIsTriedAgainLater()
    {
        (_far.IsNear, _far.Holds) = (true, true);
        await using TestEngine engine = Start();
        Task<Answer> first = Ask(engine, "/a");
        _far.LetGo();
        await first;
        _time.Advance(TimeSpan.FromSeconds(9.1));
        _far.Fails = true;
        await Ask(engine, "/a");
        await Until(() => Renewals(engine).Failed == 1);

        Answer still = await Ask(engine, "/a");
        Assert.Equal((StatusCode.Ok, 1), (still.Status, Renewals(engine).Started));
        _far.Fails = false;
        _time.Advance(TimeSpan.FromMilliseconds(500));
        await Ask(engine, "/a");
        await Until(() => Renewals(engine).Renewed == 1);
    }

    [Fact]
    public async Task Renewal_ThatComesToOtherReferences_TakesTheOldVerdictAway()
    {
        await using TestEngine engine = Start();
        await Ask(engine, "/a");
        _time.Advance(TimeSpan.FromSeconds(9.5));
        _far.Denies = true;
        await Ask(engine, "/a");
        await Until(() => Renewals(engine).Renewed == 1);

        // Denied, the rule looks at no header's value.
        Answer next = await Ask(engine, "/a");

        Assert.Equal(StatusCode.PermissionDenied, next.Status);
        Assert.Equal(["request.path"], next.References);
        Assert.Equal(1, engine.Engine.VerdictStatistics!.Misses.Total);
    }

    [Fact]
    public async Task Verdict_FromMemory_IsNotRenewed()
    {
        _far.IsNear = true;
        await using TestEngine engine = Start();
        await Ask(engine, "/a");
        _time.Advance(TimeSpan.FromSeconds(9.9));

        await Ask(engine, "/a");

        Assert.Equal((0, 1), (Renewals(engine).Started, engine.Engine.VerdictStatistics!.Hits));
    }

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    private static RenewalCounts Renewals(TestEngine engine) => engine.Engine.VerdictStatistics!.Renewals;

    private static Task<Answer> Ask(TestEngine engine, string path) => engine.CheckAsync(attributes => attributes.Set("request.path", path));

    private TestEngine Start(VerdictCacheOptions? verdicts = null) => TestEngine.StartKeeping(Policy, _time, verdicts, _far);

    /// <summary>An adapter named <c>far</c> whose answers hold for ten seconds each.</summary>
    private sealed class FarAdapter : Adapter
    {
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _asked;

        public override AdapterDescriptor Descriptor { get; } = new("far", ["listentry"], _ => new object()) { HasBackend = true };

        public int Asked => Volatile.Read(ref _asked);

        /// <summary>Whether its handlers answer from memory, not from a backend.</summary>
        public bool IsNear { get; set; }

        /// <summary>Whether answers wait for <see cref="LetGo"/>.</summary>
        public bool Holds { get; set; }

        public bool Fails { get; set; }

        public bool Denies { get; set; }

        public void LetGo() => _gate.SetResult();

        public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services) =>
            IsNear ? new NearHandler(this) : new FarHandler(this);

        private async ValueTask<CheckResult> AnswerAsync()
        {
            Interlocked.Increment(ref _asked);
            if (Holds)
            {
                await _gate.Task;
            }

            return Fails
                ? throw new IOException("the backend is gone")
                : CheckResult.Create(Denies ? StatusCode.PermissionDenied : StatusCode.Ok, Denies ? "no" : "", TimeSpan.FromSeconds(10), -1);
        }

        private sealed class FarHandler(FarAdapter far) : ICheckBackend
        {
            public ValueTask<CheckResult> AskAsync(InstanceValues instance, CancellationToken cancellationToken) => far.AnswerAsync();

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }

        private sealed class NearHandler(FarAdapter far) : ICheckHandler
        {
            public ValueTask<CheckResult> CheckAsync(InstanceValues instance, CancellationToken cancellationToken) => far.AnswerAsync();

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
