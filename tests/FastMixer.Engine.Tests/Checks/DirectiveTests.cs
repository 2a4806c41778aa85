using FastMixer.Engine.Checks;
using FastMixer.Engine.Diagnostics;
using FastMixer.Engine.Tests.Support;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Testing;

namespace FastMixer.Engine.Tests.Checks;

/// <summary>What rules do to headers where a check is allowed, and what a denial replies.</summary>
public sealed class DirectiveTests
{
    private const string Handlers = """
        kind: handler
        metadata: {name: yes}
        spec: {compiledAdapter: fake}
        ---
        kind: handler
        metadata: {name: no}
        spec: {compiledAdapter: fake, params: {answer: PERMISSION_DENIED}}
        ---
        kind: handler
        metadata: {name: replies}
        spec: {compiledAdapter: fake, params: {answer: UNAUTHENTICATED, reply: who are you?}}
        ---
        kind: handler
        metadata: {name: repliestoo}
        spec: {compiledAdapter: fake, params: {answer: NOT_FOUND, reply: nobody here}}
        ---
        kind: handler
        metadata: {name: broken}
        spec: {compiledAdapter: fake, params: {answer: fail}}
        ---
        kind: instance
        metadata: {name: nothing}
        spec: {compiledTemplate: checknothing}
        ---
        kind: instance
        metadata: {name: rate}
        spec: {compiledTemplate: quota}
        """;

    [Fact]
    public async Task AllowedCheck_HasTheOperationsOfEveryRuleThatMatches_InRuleOrder()
    {
        await using var engine = TestEngine.Start(Policy(
            Rule("a", "requestHeaderOperations: [{name: x-a, values: ['\"one\"', source.user]}], responseHeaderOperations: [{name: server, operation: REMOVE}]"),
            Rule("b", "match: source.user == \"joe\", requestHeaderOperations: [{name: x-never, values: ['\"n\"']}]"),
            Rule("c", "requestHeaderOperations: [{name: ':path', values: ['\"/v2\" + request.path']}, {name: x-a, values: ['\"three\"'], operation: APPEND}], actions: [{handler: yes, instances: [nothing]}]")));

        Answer answer = await engine.CheckAsync(Jane);

        Assert.Equal(StatusCode.Ok, answer.Status);
        Assert.Null(answer.Directive.Response);
        Assert.Equal(["Replace x-a: one", "Replace x-a: jane", "Replace :path: /v2/books", "Append x-a: three"], answer.Directive.RequestHeaders.Select(Text));
        Assert.Equal(["Remove server: "], answer.Directive.ResponseHeaders.Select(Text));
        Assert.Equal(["request.path", "source.user"], answer.References);
        Assert.Empty(engine.Engine.RuleErrors);
    }

    [Fact]
    public async Task RootNamespacesOperations_AreDoneBesideThoseOfTheRequestsOwn()
    {
        await using var engine = TestEngine.Start(Policy(
            Rule("own", "requestHeaderOperations: [{name: x-own, values: ['\"o\"']}]", "shop"),
            Rule("other", "requestHeaderOperations: [{name: x-other, values: ['\"o\"']}]", "billing"),
            Rule("root", "requestHeaderOperations: [{name: x-root, values: ['\"r\"']}]"),
            Rule("check", "actions: [{handler: yes.handler.istio-system, instances: [nothing.instance.istio-system]}]", "shop")));

        Answer answer = await engine.CheckAsync(attributes => attributes.Set("destination.namespace", "shop"));

        Assert.Equal(["Replace x-root: r", "Replace x-own: o"], answer.Directive.RequestHeaders.Select(Text));
    }

    [Fact]
    public async Task DeniedCheck_ComputesNoOperations()
    {
        await using var engine = TestEngine.Start(Policy(
            Rule("a", "requestHeaderOperations: [{name: x-a, values: [source.user]}]"), Rule("b", "actions: [{handler: no, instances: [nothing]}]")));

        Answer answer = await engine.CheckAsync(Jane);

        Assert.Equal(StatusCode.PermissionDenied, answer.Status);
        Assert.True(answer.Directive.IsEmpty);
        Assert.Empty(answer.References);
    }

    [Theory]
    [InlineData("source.name", "no source.name")]
    [InlineData("request.headers[\"x\"]", "no request.headers[x]")]
    [InlineData("request.headers[\"empty\"]", "request.headers[empty]")]
    [InlineData("request.headers[\"cr\"]", "request.headers[cr]")]
    [InlineData("request.headers[\"lf\"]", "request.headers[lf]")]
    [InlineData("request.headers[\"nul\"]", "request.headers[nul]")]
    [InlineData("request.headers[\"split\"]", "request.headers[split]")]
    [InlineData("\"before \" + request.headers[\"split\"]", "request.headers[split]")]
    [InlineData("request.headers[\"long\"]", "request.headers[long]")]
    public async Task OperationWithoutALegalValue_IsLeftOutAlone_AndCounted(string value, string reference)
    {
        await using var engine = TestEngine.Start(Policy(Rule(
            "a", $"onError: deny, responseHeaderOperations: [{{name: x-before, operation: REMOVE}}, {{name: x-bad, values: ['{value}']}}, {{name: x-after, values: ['\"z\"']}}]")));

        Answer answer = await engine.CheckAsync(attributes => attributes.Set("request.headers", new Dictionary<string, string>
        {
            ["empty"] = "",
            ["cr"] = "a\rb",
            ["lf"] = "a\nb",
            ["nul"] = "a\0b",
            ["split"] = "a\r\nset-cookie: admin=1",
            ["long"] = new string('v', HeaderSyntax.MaxValueBytes + 1),
        }));

        Assert.Equal(StatusCode.Ok, answer.Status);
        Assert.Equal(["Remove x-before: ", "Replace x-after: z"], answer.Directive.ResponseHeaders.Select(Text));
        Assert.Equal([reference], answer.References);
        Assert.Equal(new RuleErrorCounts(0, 0, 0, 1), engine.Engine.RuleErrors["a.rule.istio-system"]);
    }

    [Theory]
    [InlineData("/a b")]
    [InlineData("/ HTTP/1.1\r\nhost: other")]
    [InlineData("/ż")]
    [InlineData("")]
    public async Task PseudoHeader_TakesVisibleCharactersOnly(string path)
    {
        await using var engine = TestEngine.Start(Policy(Rule("a", "requestHeaderOperations: [{name: ':path', values: [request.path]}]")));

        Answer answer = await engine.CheckAsync(attributes => attributes.Set("request.path", path));

        Assert.True(answer.Directive.IsEmpty);
        Assert.Equal(1, engine.Engine.RuleErrors["a.rule.istio-system"].HeaderOperation);
    }

    [Fact]
    public async Task RuleThatIsIgnoredForAnError_DoesNothingToHeaders()
    {
        await using var engine = TestEngine.Start(Policy(Rule(
            "a", "onError: ignore-rule, requestHeaderOperations: [{name: x-a, values: ['\"a\"']}], actions: [{handler: broken, instances: [nothing]}]")));

        Assert.True((await engine.CheckAsync()).Directive.IsEmpty);
    }

    [Fact]
    public async Task MoreOperationsThanADirectiveHolds_AreAFailure_AndTakeNoQuota()
    {
        string operations = "requestHeaderOperations: [" + string.Join(", ", Enumerable.Range(0, 32).Select(i => $"{{name: x-{i}, operation: REMOVE}}")) + "]";
        await using var engine = TestEngine.Start(Policy(
            Rule("a", operations), Rule("b", operations), Rule("c", "match: source.user == \"joe\", requestHeaderOperations: [{name: x, operation: REMOVE}]")));

        Answer jane = await engine.CheckAsync(Jane);
        Answer joe = await engine.CheckAsync(attributes => attributes.Set("source.user", "joe"));

        Assert.Equal(64, jane.Directive.RequestHeaders.Count);
        Assert.Equal("the rules that match ask for more than 64 header operations", joe.Failure);
    }

    [Fact]
    public async Task Denial_RepliesWithWhatItsFirstFailureSays()
    {
        await using var engine = TestEngine.Start(Policy(
            Rule("a", "match: source.user == \"joe\", actions: [{handler: no, instances: [nothing]}]"),
            Rule("b", "actions: [{handler: replies, instances: [nothing]}]"),
            Rule("c", "actions: [{handler: repliestoo, instances: [nothing]}]")));

        Answer jane = await engine.CheckAsync(Jane);
        Answer joe = await engine.CheckAsync(attributes => attributes.Set("source.user", "joe"));

        Assert.Equal(StatusCode.Unauthenticated, jane.Status);
        Assert.Equal(new DirectResponse(401, "who are you?"), jane.Directive.Response);
        Assert.Equal(["Replace x-why: policy"], jane.Directive.ResponseHeaders.Select(Text));
        Assert.Empty(jane.Directive.RequestHeaders);
        Assert.Equal(StatusCode.PermissionDenied, joe.Status);
        Assert.True(joe.Directive.IsEmpty);
    }

    [Fact]
    public async Task DenialOfARuleThatIsIgnored_TakesItsReplyWithIt()
    {
        await using var engine = TestEngine.Start(Policy(
            Rule("a", "onError: ignore-rule, actions: [{handler: replies, instances: [nothing]}, {handler: broken, instances: [nothing]}]"),
            Rule("b", "actions: [{handler: repliestoo, instances: [nothing]}]")));

        Answer answer = await engine.CheckAsync();

        Assert.Equal((StatusCode.NotFound, new DirectResponse(404, "nobody here")), (answer.Status, answer.Directive.Response));
    }

    [Theory]
    [InlineData(40, false)]
    [InlineData(120, true)]
    public async Task LimitedAnswer_TakesQuotasOnlyWhereTheDirectiveFitsBesideThem(int room, bool fits)
    {
        await using var engine = TestEngine.Start(Policy(
            Rule("a", "requestHeaderOperations: [{name: x-user, values: [source.user]}]"), Rule("b", "actions: [{handler: no, instances: [rate]}]")));
        CheckCall call = engine.Engine.Calls.Get();
        engine.Read(call, TestEngine.Encode(Jane, new QuotaRequest("rate", 1)));
        call.MaxAnswerBytes = room;

        await engine.Engine.CheckAsync(call);

        Assert.Equal(!fits, call.IsAnswerTooLarge);
        Assert.True(call.HasDirective);
        Assert.Null(call.Failure);
    }

    [Fact]
    public async Task Check_WithOperations_AllocatesNothing()
    {
        await using var engine = TestEngine.Start(Policy(
            Rule("a", "requestHeaderOperations: [{name: x-user, values: [source.user]}, {name: x-absent, values: [source.name]}, {name: ':path', values: ['\"/v2\" + request.path']}]"),
            Rule("b", "responseHeaderOperations: [{name: server, operation: REMOVE}], actions: [{handler: yes, instances: [nothing]}]")));

        AssertNoAllocation(engine, StatusCode.Ok);
    }

    [Fact]
    public async Task Denial_WithADirectResponse_AllocatesNothing()
    {
        await using var engine = TestEngine.Start(Policy(Rule("a", "actions: [{handler: replies, instances: [nothing]}]")));

        AssertNoAllocation(engine, StatusCode.Unauthenticated);
    }

    private static void AssertNoAllocation(TestEngine engine, StatusCode status)
    {
        byte[] message = TestEngine.Encode(Jane);
        byte[] answer = new byte[1024];
        AllocationAssert.Zero(1_000, () =>
        {
            CheckCall call = engine.Engine.Calls.Get();
            engine.Read(call, message);
            call.MaxAnswerBytes = 512;
            ValueTask answered = engine.Engine.CheckAsync(call);
            var writer = new WireWriter(answer, framed: true);
            call.WriteVerdict(ref writer, 1, 266, VerdictParts.All);
            if (!answered.IsCompletedSuccessfully || call.Verdict.Status != status || !call.HasDirective || !writer.TryComplete(out _))
            {
                throw new InvalidOperationException("No verdict.");
            }

            engine.Engine.Calls.Return(call);
        });
    }

    private static void Jane(AttributeWriter attributes)
    {
        attributes.Set("source.user", "jane");
        attributes.Set("request.path", "/books");
    }

    private static string Text(HeaderOperation operation) => $"{operation.Kind} {operation.Name}: {operation.Value}";

    private static string Policy(params string[] rules) => string.Join("\n---\n", [Handlers, .. rules]);

    private static string Rule(string name, string spec, string scope = "istio-system") =>
        $"kind: rule\nmetadata: {{name: {name}, namespace: {scope}}}\nspec: {{{spec}}}";
}
