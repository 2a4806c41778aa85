using System.Runtime.CompilerServices;
using FastMixer.Engine.Checks;
using FastMixer.Engine.Snapshots;
using FastMixer.Engine.Tests.Support;
using FastMixer.Protocol.Messages;
using FastMixer.Testing;

namespace FastMixer.Engine.Tests.Snapshots;

/// <summary>A configuration is replaced without anybody noticing but those whom the change is for.</summary>
public sealed class ReplaceTests
{
    [Fact]
    public async Task UnchangedHandler_IsKept_AndChangedOneEndsOnce()
    {
        var adapter = new CountingAdapter();
        await using var engine = TestEngine.Start(Policy("a: {label: x}", "b: {label: x}"), adapter);

        ReplaceResult result = engine.Replace(Policy("a: {label: x}", "b: {label: y}"));
        await Eventually.TrueAsync(() => engine.Engine.Counters.HandlersEnded == 1);

        Assert.Equal(new ReplaceResult(Kept: 1, Created: 1, Ended: 1), result);
        Assert.Equal(3, adapter.Made.Count);
        Assert.Equal([0, 1, 0], adapter.Made.Select(handler => handler.Ended));
    }

    [Fact]
    public async Task Check_FinishesOnTheConfigurationItBeganOn_BeforeItsHandlersEnd()
    {
        var adapter = new CountingAdapter();
        await using var engine = TestEngine.Start(Policy("a: {mode: wait}"), adapter);
        Task<Answer> check = engine.CheckAsync();
        Assert.False(check.IsCompleted);

        engine.Replace(Policy("b: {label: new}"));
        Answer after = await engine.CheckAsync();
        int endedWhileInUse = adapter.Made[0].Ended;
        adapter.Gate.SetResult();
        Answer before = await check;
        await Eventually.TrueAsync(() => adapter.Made[0].Ended == 1);

        Assert.Equal(0, endedWhileInUse);
        Assert.Equal((StatusCode.Ok, StatusCode.Ok), (before.Status, after.Status));
        Assert.Equal([1, 1], adapter.Made.Select(handler => handler.Checks));
        Assert.Equal(0, adapter.Made[0].UsedAfterEnd);
    }

    [Fact]
    public async Task HandlerKeptOverSeveralReplacements_EndsOnlyWhenTheLastUserOfItEnds()
    {
        var adapter = new CountingAdapter();
        await using var engine = TestEngine.Start(Policy("a: {mode: wait}"), adapter);
        Task<Answer> check = engine.CheckAsync();

        engine.Replace(Policy("a: {mode: wait}", "b: {label: x}"));
        engine.Replace(Policy("c: {label: x}"));
        await Eventually.TrueAsync(() => adapter.Made[1].Ended == 1);
        int endedWhileInUse = adapter.Made[0].Ended;
        adapter.Gate.SetResult();
        await check;
        await Eventually.TrueAsync(() => adapter.Made[0].Ended == 1);

        Assert.Equal(0, endedWhileInUse);
        Assert.Equal(0, adapter.Made[0].UsedAfterEnd);
    }

    [Fact]
    public async Task HandlerThatCannotBeMade_ChangesNothing()
    {
        var adapter = new CountingAdapter();
        await using var engine = TestEngine.Start(Policy("a: {label: x}"), adapter);
        LiveSnapshot before = engine.Engine.Current;

        HandlerStartException failure = Assert.Throws<HandlerStartException>(() =>
        {
            engine.Replace(Policy("a: {label: x}", "b: {label: new}", "c: {mode: fail}"));
        });

        Assert.Equal("c.handler.istio-system", failure.Handler);
        Assert.Equal("The handler \"c.handler.istio-system\" could not be made: no such backend", failure.Message);
        Assert.Same(before, engine.Engine.Current);
        Assert.Equal([0, 1], adapter.Made.Select(handler => handler.Ended));
        Assert.Equal(StatusCode.Ok, (await engine.CheckAsync()).Status);
    }

    [Fact]
    public async Task Engine_EndsEveryHandlerOnce_WhenItIsDisposed()
    {
        var adapter = new CountingAdapter();
        await using (var engine = TestEngine.Start(Policy("a: {label: x}", "b: {label: x}"), adapter))
        {
            engine.Replace(Policy("a: {label: x}", "c: {label: x}"));
            engine.Replace(Policy("a: {label: x}"));
        }

        Assert.All(adapter.Made, handler => Assert.Equal(1, handler.Ended));
    }

    [Fact]
    public async Task CountsOfSharedErrors_OutliveTheConfiguration_AndThoseOfRulesThatAreGoneDoNot()
    {
        string rules = string.Concat(Enumerable.Range(0, 5).Select(i => $$"""
            ---
            kind: rule
            metadata: {name: shared{{i}} }
            spec:
              match: source.user == "user{{i}}"
              actions: [{handler: a, instances: [nothing]}]

            """));
        await using var engine = TestEngine.Start(Policy("a: {label: x}") + rules, new CountingAdapter());
        await engine.CheckAsync();

        engine.Replace(Policy("a: {label: x}") + rules.Replace("name: shared4", "name: another", StringComparison.Ordinal));
        Assert.Equal(1, engine.Engine.RuleErrors["shared0.rule.istio-system"].Match);
        await Eventually.TrueAsync(() => !engine.Engine.RuleErrors.ContainsKey("shared4.rule.istio-system"));
        await engine.CheckAsync();

        Assert.Equal(2, engine.Engine.RuleErrors["shared0.rule.istio-system"].Match);
        Assert.Equal(1, engine.Engine.RuleErrors["another.rule.istio-system"].Match);
    }

    [Fact]
    public async Task ManyReplacements_UnderChecksOfManyThreads_FailNone_UseNoEndedHandler_AndLeaveNothingInMemory()
    {
        const int Replacements = 1_000;

        // The configuration in force, and what each of the threads, or a handler that is just ending, has at hand.
        const int MostAlive = 16;
        var adapter = new CountingAdapter();
        string[] policies = [Policy("kept: {label: x}", "a: {label: one}"), Policy("kept: {label: x}", "a: {label: two}"), Policy("kept: {label: x}")];
        await using var engine = TestEngine.Start(policies[0], adapter);
        using var stop = new CancellationTokenSource();
        Task<int>[] checkers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => CheckUntilAsync(engine, stop.Token)))];
        var replaced = new List<WeakReference>();

        for (int i = 1; i <= Replacements; i++)
        {
            replaced.Add(Remember(engine));
            engine.Replace(policies[i % policies.Length]);
        }

        await Eventually.TrueAsync(() => engine.Engine.Counters.HandlersEnded >= adapter.Made.Count - 4);
        int alive = Replacements;
        await Eventually.TrueAsync(() => (alive = CountAlive(replaced)) <= MostAlive);
        await stop.CancelAsync();
        int[] checks = await Task.WhenAll(checkers);

        Assert.All(checks, count => Assert.True(count > 0));
        Assert.Equal(Replacements, engine.Engine.Counters.Replaced);
        Assert.Single(adapter.Made, handler => handler.Name.StartsWith("kept", StringComparison.Ordinal));
        Assert.All(adapter.Made, handler => Assert.Equal(0, handler.UsedAfterEnd));
        Assert.InRange(alive, 0, MostAlive);
    }

    [Fact]
    public async Task Lease_TakenAndGivenBack_AllocatesNothing()
    {
        await using var engine = TestEngine.Start(Policy("a: {}").Replace("counting", "fake", StringComparison.Ordinal));
        byte[] message = TestEngine.Encode();
        CheckCall call = engine.Engine.Calls.Get();

        AllocationAssert.Zero(1_000, () =>
        {
            engine.Read(call, message);
            ValueTask answered = engine.Engine.CheckAsync(call);
            Assert.True(answered.IsCompletedSuccessfully);
        });

        engine.Engine.Calls.Return(call);
    }

    // Of their own, so that no variable of the test's holds on to a configuration.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Remember(TestEngine engine) => new(engine.Engine.Current.Policy);

    private static int CountAlive(List<WeakReference> configurations)
    {
        GC.Collect();
        return configurations.Count(configuration => configuration.IsAlive);
    }

    private static async Task<int> CheckUntilAsync(TestEngine engine, CancellationToken stop)
    {
        int checks = 0;
        while (!stop.IsCancellationRequested)
        {
            Answer answer = await engine.CheckAsync();
            Assert.Null(answer.Failure);
            Assert.Equal(StatusCode.Ok, answer.Status);
            checks++;
        }

        return checks;
    }

    // Handlers as "name: {parameters}", each with a rule that asks it at every check.
    private static string Policy(params string[] handlers) => """
        kind: instance
        metadata: {name: nothing}
        spec: {compiledTemplate: checknothing}

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
          actions: [{handler: {{name}}, instances: [nothing]}]

        """;
}
