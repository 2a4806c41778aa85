using System.Diagnostics.Metrics;
using FastMixer.Engine.Diagnostics;
using FastMixer.Engine.Tests.Support;
using FastMixer.Protocol.Messages;

namespace FastMixer.Engine.Tests.Checks;

/// <summary>What an error means for a check is what the operator chose, and it is counted by rule.</summary>
public sealed class OnErrorTests
{
    private const string RuleName = "guarded.rule.istio-system";
    private const string BrokenMatch = "source.user == \"jane\"";

    [Theory]
    [InlineData("", StatusCode.Ok, 60)]
    [InlineData("onError: ignore-rule", StatusCode.Ok, 60)]
    [InlineData("onError: allow", StatusCode.Ok, 0)]
    [InlineData("onError: deny", StatusCode.PermissionDenied, 0)]
    public async Task MatchThatCannotBeEvaluated(string onError, StatusCode status, int life)
    {
        await using var engine = TestEngine.Start(Policy(onError, BrokenMatch, "[{handler: no, instances: [nothing]}]"));

        Answer answer = await engine.CheckAsync();

        Assert.Null(answer.Failure);
        Assert.Equal(status, answer.Status);
        Assert.Equal(TimeSpan.FromSeconds(life), answer.ValidDuration);
        Assert.Equal(["no source.user"], answer.References);
        Assert.Equal(new RuleErrorCounts(1, 0, 0), engine.Engine.RuleErrors[RuleName]);
    }

    [Fact]
    public async Task Deny_SaysWhichRuleFailedAndWhy()
    {
        await using var engine = TestEngine.Start(Policy("onError: deny", BrokenMatch, "[{handler: no, instances: [nothing]}]"));

        Answer answer = await engine.CheckAsync();

        Assert.Equal($"{RuleName}:its match could not be evaluated: lookup failed: 'source.user'", answer.Message);
    }

    [Theory]
    [InlineData("", "the instance entry.instance.istio-system could not be evaluated: value: lookup failed: 'source.name'", default(StatusCode), "")]
    [InlineData("onError: deny", null, StatusCode.PermissionDenied, "no.istio-system:no, guarded.rule.istio-system:the instance entry.instance.istio-system could not be evaluated: value: lookup failed: 'source.name'")]
    [InlineData("onError: allow", null, StatusCode.PermissionDenied, "no.istio-system:no")]
    [InlineData("onError: ignore-rule", null, StatusCode.Ok, "")]
    public async Task InstanceThatCannotBeEvaluated(string onError, string? failure, StatusCode status, string message)
    {
        await using var engine = TestEngine.Start(
            Policy(onError, "true", "[{handler: no, instances: [nothing]}, {handler: yes, instances: [entry]}]"));

        Answer answer = await engine.CheckAsync();

        Assert.Equal((failure, status, message), (answer.Failure, answer.Status, answer.Message));
        Assert.Equal(new RuleErrorCounts(0, 1, 0), engine.Engine.RuleErrors[RuleName]);
    }

    [Theory]
    [InlineData("", "", "the handler broken.istio-system failed: the backend is gone", default(StatusCode))]
    [InlineData("onError: deny", "", null, StatusCode.PermissionDenied)]
    [InlineData("onError: allow", "", null, StatusCode.Ok)]
    [InlineData("onError: ignore-rule", "", null, StatusCode.Ok)]
    [InlineData("onError: deny", "onError: allow", null, StatusCode.Ok)]
    [InlineData("", "onError: deny", null, StatusCode.PermissionDenied)]
    public async Task HandlerThatFails(string ruleSays, string handlerSays, string? failure, StatusCode status)
    {
        await using var engine = TestEngine.Start(Policy(ruleSays, "true", "[{handler: broken, instances: [nothing]}]", handlerSays));

        Answer answer = await engine.CheckAsync();

        Assert.Equal((failure, status), (answer.Failure, answer.Status));
        Assert.Equal(new RuleErrorCounts(0, 0, 1), engine.Engine.RuleErrors[RuleName]);
    }

    [Fact]
    public async Task IgnoredRule_TakesBackWhatItsOtherActionsSaid_AndNoMore()
    {
        string policy = Policy("onError: ignore-rule", "true", "[{handler: no, instances: [nothing]}, {handler: broken, instances: [nothing]}]") + """
            ---
            kind: rule
            metadata: {name: zlast}
            spec: {actions: [{handler: briefly, instances: [nothing]}]}
            """;
        await using var engine = TestEngine.Start(policy);

        Answer answer = await engine.CheckAsync();

        Assert.Equal((StatusCode.Ok, "", TimeSpan.FromSeconds(7)), (answer.Status, answer.Message, answer.ValidDuration));
    }

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("onError: deny", "", 0)]
    [InlineData("onError: allow", "", 3)]
    [InlineData("onError: ignore-rule", "", 3)]
    [InlineData("", "onError: allow", 3)]
    public async Task QuotaOfAHandlerThatFails(string ruleSays, string handlerSays, long granted)
    {
        await using var engine = TestEngine.Start(Policy(ruleSays, "true", "[{handler: broken, instances: [rate]}]", handlerSays));

        Answer answer = await engine.CheckAsync(null, new QuotaRequest("rate", 3, BestEffort: false));

        Assert.Equal((null, StatusCode.Ok), (answer.Failure, answer.Status));
        Assert.Equal([granted], answer.Grants);
    }

    [Theory]
    [InlineData("", 3)]
    [InlineData("onError: deny", 0)]
    [InlineData("onError: allow", 3)]
    public async Task QuotaOfAMatchThatCannotBeEvaluated(string onError, long granted)
    {
        await using var engine = TestEngine.Start(Policy(onError, BrokenMatch, "[{handler: no, instances: [rate]}]"));

        Answer answer = await engine.CheckAsync(null, new QuotaRequest("rate", 3, BestEffort: false));

        Assert.Equal([granted], answer.Grants);
    }

    [Fact]
    public async Task SharedLookupThatFails_IsAnErrorOfEveryRuleThatNeedsIt()
    {
        string rules = string.Concat(Enumerable.Range(0, 20).Select(i => $$"""
            ---
            kind: rule
            metadata: {name: shared{{i}}}
            spec:
              match: source.user == "user{{i}}"
              actions: [{handler: no, instances: [nothing]}]

            """));
        await using var engine = TestEngine.Start(Policy("onError: deny", BrokenMatch, "[{handler: no, instances: [nothing]}]") + rules);

        for (int i = 0; i < 3; i++)
        {
            Answer answer = await engine.CheckAsync();
            Assert.Equal(StatusCode.PermissionDenied, answer.Status);
        }

        Assert.Equal(21, engine.Engine.RuleErrors.Count);
        Assert.All(engine.Engine.RuleErrors.Values, counts => Assert.Equal(new RuleErrorCounts(3, 0, 0), counts));
    }

    [Fact]
    public async Task Meter_ShowsTheErrorsOfEachRule()
    {
        await using var engine = TestEngine.Start(Policy("", BrokenMatch, "[{handler: no, instances: [nothing]}]"));
        await engine.CheckAsync();
        await engine.CheckAsync();
        var seen = new List<(long, string?, string?)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "FastMixer.Engine" && instrument.Name == "fastmixer.rule.errors" && engine.Engine.Owns(instrument.Meter))
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) => seen.Add((count, (string?)tags[0].Value, (string?)tags[1].Value)));
        listener.Start();

        listener.RecordObservableInstruments();

        Assert.Contains((2L, RuleName, "match"), seen);
        Assert.Contains((0L, RuleName, "handler"), seen);
    }

    private static string Policy(string onError, string match, string actions, string handlerOnError = "") => $$"""
        kind: handler
        metadata: {name: no}
        spec: {compiledAdapter: fake, params: {answer: PERMISSION_DENIED} }
        ---
        kind: handler
        metadata: {name: yes}
        spec: {compiledAdapter: fake}
        ---
        kind: handler
        metadata: {name: briefly}
        spec: {compiledAdapter: fake, params: {life: 7} }
        ---
        kind: handler
        metadata: {name: broken}
        spec:
          compiledAdapter: fake
          params: {answer: fail}
          {{handlerOnError}}
        ---
        kind: instance
        metadata: {name: nothing}
        spec: {compiledTemplate: checknothing}
        ---
        kind: instance
        metadata: {name: entry}
        spec: {compiledTemplate: listentry, params: {value: source.name} }
        ---
        kind: instance
        metadata: {name: rate}
        spec: {compiledTemplate: quota}
        ---
        kind: rule
        metadata: {name: guarded}
        spec:
          match: '{{match}}'
          {{onError}}
          actions: {{actions}}

        """;
}
