using CsCheck;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Tests.Support;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Messages;

namespace FastMixer.Engine.Tests.Checks;

/// <summary>Handlers that take their time are asked all at once, and what they say is combined in rule order whoever answers first.</summary>
public sealed class AnswerOrderTests
{
    private static readonly string[] Policies = ["", "onError: deny", "onError: allow", "onError: ignore-rule"];

    private static readonly StatusCode[] Statuses = [StatusCode.Ok, StatusCode.Ok, StatusCode.PermissionDenied, StatusCode.NotFound];

    [Fact]
    public async Task AllHandlers_AreAskedBeforeAnyHasAnswered()
    {
        var adapter = new SlowAdapter(5);
        await using var engine = TestEngine.Start(Policy([new RulePlan("", [0, 1]), new RulePlan("", [2]), new RulePlan("", [3, 4])]), adapter);

        Task<Answer> check = engine.CheckAsync();
        int asked = adapter.Asked;
        foreach (int i in (int[])[4, 0, 3, 1, 2])
        {
            adapter.Complete(i, new Said(StatusCode.Ok, Life: 10 + i, Uses: 5 + i));
        }

        Answer answer = await check;
        Assert.Equal(5, asked);
        Assert.Equal((StatusCode.Ok, 10d, 5), (answer.Status, answer.ValidDuration.TotalSeconds, answer.ValidUseCount));
    }

    [Fact]
    public async Task VerdictIsTheSame_InWhicheverOrderHandlersAnswer() =>
        await (from rules in Gen.Select(Gen.Int[0, 3], Gen.Int[1, 3]).Array[1, 4]
               let count = rules.Sum(rule => rule.Item2)
               from said in GenSaid.Array[count]
               from order in Gen.Shuffle(Enumerable.Range(0, count).ToArray())
               from atOnce in Gen.Bool.Array[count]
               select (rules, said, order, atOnce))
            .SampleAsync(
                async plan =>
                {
                    string policy = Policy(Plan(plan.rules));
                    Answer sequential = await RunAsync(policy, plan.said, [], [.. plan.said.Select(_ => true)]);
                    Answer concurrent = await RunAsync(policy, plan.said, plan.order, plan.atOnce);
                    Assert.Equal(Describe(sequential), Describe(concurrent));
                },
                iter: 300);

    private static Gen<Said> GenSaid { get; } =
        from status in Gen.Int[0, 3]
        from life in Gen.Int[0, 5]
        from uses in Gen.Int[-1, 3]
        from fails in Gen.Int[0, 3]
        select new Said(Statuses[status], life, uses, Fails: fails == 0);

    private static async Task<Answer> RunAsync(string policy, Said[] said, int[] order, bool[] atOnce)
    {
        var adapter = new SlowAdapter(said.Length);
        await using var engine = TestEngine.Start(policy, adapter);
        for (int i = 0; i < said.Length; i++)
        {
            if (atOnce[i])
            {
                adapter.Complete(i, said[i]);
            }
        }

        Task<Answer> check = engine.CheckAsync();
        foreach (int i in order.Where(i => !atOnce[i]))
        {
            adapter.Complete(i, said[i]);
        }

        return await check;
    }

    private static RulePlan[] Plan((int Policy, int Actions)[] rules)
    {
        int next = 0;
        return [.. rules.Select(rule => new RulePlan(Policies[rule.Policy], [.. Enumerable.Range(0, rule.Actions).Select(_ => next++)]))];
    }

    private static string Describe(Answer answer) =>
        $"{answer.Failure}|{answer.Status}|{answer.Message}|{answer.ValidDuration}|{answer.ValidUseCount}|"
        + string.Join(',', answer.Directive.RequestHeaders.Select(header => $"{header.Name}={header.Value}"));

    private static string Policy(IReadOnlyList<RulePlan> rules) => """
        kind: instance
        metadata: {name: nothing}
        spec: {compiledTemplate: checknothing}

        """
        + string.Concat(rules.SelectMany(rule => rule.Handlers).Select(i => $$"""
            ---
            kind: handler
            metadata: {name: s{{i}}}
            spec: {compiledAdapter: slow, params: {number: {{i}}} }

            """))
        + string.Concat(rules.Select((rule, number) => $$"""
            ---
            kind: rule
            metadata: {name: r{{number}}}
            spec:
              {{rule.OnError}}
              actions: [{{string.Join(", ", rule.Handlers.Select(i => $"{{handler: s{i}, instances: [nothing]}}"))}}]
              requestHeaderOperations: [{name: x-rule, operation: APPEND, values: ['"{{number}}"']}]

            """));

    private sealed record RulePlan(string OnError, int[] Handlers);

    private sealed record Said(StatusCode Status, int Life, int Uses, bool Fails = false);

    /// <summary>An adapter named <c>slow</c>: its handlers, told apart by <c>number</c>, answer when the test says what.</summary>
    private sealed class SlowAdapter(int count) : Adapter
    {
        private readonly TaskCompletionSource<CheckResult>[] _answers =
            [.. Enumerable.Range(0, count).Select(_ => new TaskCompletionSource<CheckResult>(TaskCreationOptions.RunContinuationsAsynchronously))];

        private int _asked;

        public override AdapterDescriptor Descriptor { get; } = new("slow", ["checknothing"], reader => reader.Int32("number", 0, 0, int.MaxValue));

        public int Asked => Volatile.Read(ref _asked);

        public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services) => new Handler(this, (int)definition.Parameters);

        public void Complete(int number, Said said)
        {
            if (said.Fails)
            {
                _answers[number].SetException(new IOException($"{number} is gone"));
            }
            else
            {
                string message = said.Status == StatusCode.Ok ? "" : $"{number} says no";
                _answers[number].SetResult(CheckResult.Create(said.Status, message, TimeSpan.FromSeconds(said.Life), said.Uses));
            }
        }

        private sealed class Handler(SlowAdapter adapter, int number) : ICheckHandler
        {
            public ValueTask<CheckResult> CheckAsync(InstanceValues instance, CancellationToken cancellationToken)
            {
                Interlocked.Increment(ref adapter._asked);
                return new ValueTask<CheckResult>(adapter._answers[number].Task);
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
