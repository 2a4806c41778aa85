using System.Collections.Concurrent;
using FastMixer.Engine.Snapshots;
using FastMixer.Engine.Tests.Support;
using FastMixer.Protocol.Messages;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.Engine.Tests.Snapshots;

/// <summary>What a replaced configuration still owes, and how long it is waited for.</summary>
public sealed class RetirementTests
{
    private readonly CountingAdapter _adapter = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<RetiredConfiguration> _retired = new();

    [Fact]
    public async Task QueuedReports_AreDeliveredByTheConfigurationTheyCameUnder_BeforeItsHandlersEnd()
    {
        await using TestEngine engine = Start("a: {mode: hold}");
        engine.Report();
        engine.Report();
        await Eventually.TrueAsync(() => _adapter.Made[0].Reports > 0);

        engine.Replace(Policy("b: {label: new}"));
        engine.Report();
        int endedWhileQueued = _adapter.Made[0].Ended;
        _adapter.Gate.SetResult();
        await Eventually.TrueAsync(() => engine.Engine.Counters.RecordsDelivered == 3);
        await PassUntil(() => _adapter.Made[0].Ended == 1);

        Assert.Equal(0, endedWhileQueued);
        Assert.Equal([2, 1], _adapter.Made.Select(handler => handler.Reports));
        Assert.Equal(0, _adapter.Made[0].UsedAfterEnd);
        Assert.Equal(0, engine.Engine.Counters.DrainTimeouts);
    }

    [Fact]
    public async Task CheckThatNeverEnds_KeepsHandlersForAMinute_AndIsCountedAndTold()
    {
        await using TestEngine engine = Start("a: {mode: wait}");
        Task<Answer> check = engine.CheckAsync();

        engine.Replace(Policy("b: {label: new}"));
        for (int i = 0; i < 59; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(0, _adapter.Made[0].Ended);
        await PassUntil(() => !_retired.IsEmpty);
        _adapter.Gate.SetResult();

        Assert.Equal(StatusCode.Ok, (await check).Status);
        Assert.Equal(1, _adapter.Made[0].Ended);
        Assert.Equal(1, engine.Engine.Counters.DrainTimeouts);
        RetiredConfiguration retired = Assert.Single(_retired);
        Assert.True(retired.TimedOut);
        Assert.Equal(1, retired.Ended);
    }

    [Fact]
    public async Task HandlersThatDoNotEndWell_HoldUpNobody_AndAreCountedAndTold()
    {
        await using TestEngine engine = Start("a: {mode: stay}", "b: {mode: fall}", "c: {label: x}");

        engine.Replace(Policy("d: {label: new}"));
        await Eventually.TrueAsync(() => _adapter.Made.Take(3).All(handler => handler.Ended == 1));
        await PassUntil(() => !_retired.IsEmpty);

        RetiredConfiguration retired = Assert.Single(_retired);
        Assert.Equal((3, false), (retired.Ended, retired.TimedOut));
        Assert.Equal(
            [
                new HandlerEndFailure("a.handler.istio-system", "it did not end within 10 s"),
                new HandlerEndFailure("b.handler.istio-system", "the backend does not let go"),
            ],
            retired.Failures);
        Assert.Equal((3, 2), (engine.Engine.Counters.HandlersEnded, engine.Engine.Counters.EndErrors));
        _adapter.Gate.SetResult();
    }

    [Fact]
    public async Task Engine_ThatIsDisposed_TakesNoOtherConfiguration()
    {
        TestEngine engine = Start("a: {label: x}");
        await engine.DisposeAsync();
        await engine.DisposeAsync();

        Assert.Throws<ObjectDisposedException>(() =>
        {
            engine.Replace(Policy("b: {label: new}"));
        });

        Assert.Equal(1, Assert.Single(_adapter.Made).Ended);
    }

    // Handlers as "name: {parameters}", each with a rule that asks it at every check and sends it every record.
    private static string Policy(params string[] handlers) => """
        kind: instance
        metadata: {name: nothing}
        spec: {compiledTemplate: checknothing}
        ---
        kind: instance
        metadata: {name: record}
        spec: {compiledTemplate: reportnothing}

        """ + string.Concat(handlers.Select(handler => Handler(handler.Split(": ", 2)[0], handler.Split(": ", 2)[1])));

    private static string Handler(string name, string parameters) => $$"""
        ---
        kind: handler
        metadata: {name: {{name}} }
        spec: {compiledAdapter: counting, params: {{parameters}} }
        ---
        kind: rule
        metadata: {name: {{name}} }
        spec:
          actions: [{handler: {{name}}, instances: [nothing, record]}]

        """;

    private TestEngine Start(params string[] handlers)
    {
        TestEngine engine = TestEngine.Start(Policy(handlers), _time, _adapter);
        engine.Engine.Retired += _retired.Enqueue;
        return engine;
    }

    private Task PassUntil(Func<bool> condition) => Eventually.TrueAsync(() =>
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return condition();
    });
}
