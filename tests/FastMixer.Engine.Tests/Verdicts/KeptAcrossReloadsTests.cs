using FastMixer.Engine.Tests.Support;
using FastMixer.Protocol.Messages;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.Engine.Tests.Verdicts;

/// <summary>A verdict is kept across reloads while nothing changes that it depended on.</summary>
public sealed class KeptAcrossReloadsTests
{
    private const string Policy = """
        kind: handler
        metadata: {name: closed}
        spec: {compiledAdapter: fake, params: {answer: PERMISSION_DENIED}}
        ---
        kind: handler
        metadata: {name: open}
        spec: {compiledAdapter: fake, params: {answer: OK}}
        ---
        kind: instance
        metadata: {name: nothing}
        spec: {compiledTemplate: checknothing}
        ---
        kind: instance
        metadata: {name: user}
        spec: {compiledTemplate: listentry, params: {value: 'source.user | "none"'}}
        ---
        kind: rule
        metadata: {name: reviews}
        spec: {match: 'destination.service.name == "reviews" && request.path != "/x"', actions: [{handler: closed, instances: [nothing]}]}
        ---
        kind: rule
        metadata: {name: ratings}
        spec: {match: 'destination.service.name == "ratings"', actions: [{handler: open, instances: [user]}], responseHeaderOperations: [{name: x-user, values: ['source.user | "none"']}]}
        ---
        kind: rule
        metadata: {name: details}
        spec: {match: 'destination.service.name == "details"', actions: [{handler: open, instances: [nothing]}]}
        """;

    private const string Generator = """

        ---
        kind: handler
        metadata: {name: moody}
        spec: {compiledAdapter: moody, params: {salt: "1"}}
        ---
        kind: kubernetes
        metadata: {name: pod}
        spec: {source_uid: 'source.uid | "none"', attribute_bindings: {source.namespace: '$out.source_namespace | "nowhere"'}}
        ---
        kind: rule
        metadata: {name: generate}
        spec: {actions: [{handler: moody, instances: [pod.kubernetes]}]}
        """;

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData("", "")] // The same policy again.
    [InlineData("answer: OK}", "answer: NOT_FOUND}")] // A handler of other rules.
    [InlineData("value: 'source.user", "value: 'source.uid")] // An instance of another rule.
    [InlineData("== \"details\"", "== \"productpage\"")] // The match of another rule.
    [InlineData("values: ['source.user", "values: ['source.uid")] // What another rule does to headers.
    public async Task Verdict_OfWhichNothingChanged_StaysWarm_AndIsCheckedOnce(string was, string becomes)
    {
        await using TestEngine engine = Start();
        Answer first = await Ask(engine);
        engine.Replace(was.Length == 0 ? Policy : Policy.Replace(was, becomes, StringComparison.Ordinal));

        Answer second = await Ask(engine);
        Answer third = await Ask(engine);

        Assert.Equal((2, 0), (Hits(engine), engine.Engine.VerdictStatistics!.Misses.Snapshot));
        Assert.Equal((first.Status, first.Message, first.ValidDuration), (second.Status, second.Message, second.ValidDuration));
        Assert.Equal(first.References, second.References);
        Assert.Equal([60, 59, 58], [first.ValidUseCount, second.ValidUseCount, third.ValidUseCount]);
    }

    [Theory]
    [InlineData("answer: PERMISSION_DENIED", "answer: NOT_FOUND", StatusCode.NotFound)] // Its handler.
    [InlineData("!= \"/x\"", "!= \"/\"", StatusCode.Ok)] // Its rule's match, after the part that finds it.
    [InlineData("== \"reviews\"", "== \"others\"", StatusCode.Ok)] // Its rule is not for it any more.
    [InlineData("== \"details\"", "== \"reviews\"", StatusCode.PermissionDenied)] // Another rule is for it now.
    [InlineData("answer: PERMISSION_DENIED}}", "answer: PERMISSION_DENIED}, onError: allow}", StatusCode.PermissionDenied)] // What a failure would mean.
    public async Task Verdict_OfWhichSomethingChanged_IsFoundAnew(string was, string becomes, StatusCode status)
    {
        await using TestEngine engine = Start();
        await Ask(engine);
        engine.Replace(Policy.Replace(was, becomes, StringComparison.Ordinal));

        Answer next = await Ask(engine);
        await Ask(engine);

        Assert.Equal((1, 1), (Hits(engine), engine.Engine.VerdictStatistics!.Misses.Snapshot));
        Assert.Equal(status, next.Status);
    }

    [Theory]
    [InlineData("{name: users}", "source.user == \"jane\"", "no source.user")]
    [InlineData("{name: users, namespace: shop}", "true", "no destination.namespace")]
    public async Task Verdict_WhereANewRuleReadsAnotherAttribute_IsFoundAnew(string name, string match, string reference)
    {
        await using TestEngine engine = Start();
        await Ask(engine);
        engine.Replace(Policy + $$"""

            ---
            kind: rule
            metadata: {{name}}
            spec: {match: '{{match}}', actions: [{handler: closed.istio-system, instances: [nothing.istio-system]}]}
            """);

        Answer next = await Ask(engine);

        Assert.Equal((0, 1), (Hits(engine), engine.Engine.VerdictStatistics!.Misses.Snapshot));
        Assert.Contains(reference, next.References);
    }

    [Fact]
    public async Task Verdict_UnderAnotherVocabulary_IsForgotten()
    {
        await using TestEngine engine = Start();
        await Ask(engine);
        engine.Replace(Policy + """

            ---
            kind: attributemanifest
            metadata: {name: own}
            spec: {attributes: {own.thing: {valueType: STRING}}}
            """);

        await Ask(engine);

        Assert.Equal(0, Hits(engine));
        Assert.Single(engine.Engine.VerdictStatistics!.Sets);
    }

    [Fact]
    public async Task Verdict_WhereAttributesAreAdded_StaysWarmUntilAnythingOfChecksOrGeneratorsChanges()
    {
        await using TestEngine engine = Start(Generator);
        await Ask(engine);
        engine.Replace(Policy + Generator);
        await Ask(engine);
        Assert.Equal(1, Hits(engine));

        engine.Replace(Policy + Generator.Replace("salt: \"1\"", "salt: \"2\"", StringComparison.Ordinal));
        await Ask(engine);
        engine.Replace(Policy);
        await Ask(engine);

        Assert.Equal((1, 2), (Hits(engine), engine.Engine.VerdictStatistics!.Misses.Snapshot));
    }

    private TestEngine Start(string more = "") => TestEngine.StartKeeping(Policy + more, _time, null, new Model.MoodyAdapter());

    private static long Hits(TestEngine engine) => engine.Engine.VerdictStatistics!.Hits;

    private static Task<Answer> Ask(TestEngine engine) => engine.CheckAsync(attributes =>
    {
        attributes.Set("destination.service.name", "reviews");
        attributes.Set("request.path", "/");
    });
}
