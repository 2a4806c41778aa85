using FastMixer.Policy.Config;
using FastMixer.Policy.Tests.Support;

namespace FastMixer.Policy.Tests.Config;

/// <summary>What a configuration may say and hardly means; and what looks like it and is sound.</summary>
public sealed class WarningTests
{
    [Theory]
    [InlineData("false", "p.yaml:3:16: warning: The rule can never match: this is never true.")]
    [InlineData("1 == 2", "p.yaml:3:16: warning: The rule can never match: this is never true.")]
    [InlineData("source.name == `a` && false", "p.yaml:3:38: warning: The rule can never match: this is never true.")]
    [InlineData("source.name == `a` && source.name == `b`", "p.yaml:3:38: warning: The rule can never match: this excludes what line 3, column 16 asks for.")]
    [InlineData("`a` == source.name && (source.uid == `u` && `b` == source.name)", "p.yaml:3:60: warning: The rule can never match: this excludes what line 3, column 16 asks for.")]
    [InlineData("request.headers[`h`] == `a` && source.uid == `u` && request.headers[\"h\"] == `b`", "p.yaml:3:68: warning: The rule can never match: this excludes what line 3, column 16 asks for.")]
    [InlineData("source.name in [`a`, `b`] && source.name in [`c`]", "p.yaml:3:45: warning: The rule can never match: this excludes what line 3, column 16 asks for.")]
    [InlineData("(source.name == `a` || source.name == `b`) && source.name == `c`", "p.yaml:3:62: warning: The rule can never match: this excludes what line 3, column 17 asks for.")]
    [InlineData("source.name.startsWith(`ab`) && source.name.startsWith(`b`)", "p.yaml:3:48: warning: The rule can never match: this excludes what line 3, column 16 asks for.")]
    [InlineData("match(source.name, `ab*`) && source.name == `ac`", "p.yaml:3:45: warning: The rule can never match: this excludes what line 3, column 16 asks for.")]
    [InlineData("source.name == `a` && source.name != `a`", "p.yaml:3:38: warning: The rule can never match: this excludes what line 3, column 16 asks for.")]
    [InlineData("!(source.name in [`a`, `b`]) && source.name == `b`", "p.yaml:3:48: warning: The rule can never match: this excludes what line 3, column 16 asks for.")]
    [InlineData("source.name == `ab` && !source.name.startsWith(`a`)", "p.yaml:3:39: warning: The rule can never match: this excludes what line 3, column 16 asks for.")]
    [InlineData("source.name.startsWith(`ab`) && !match(source.name, `a*`)", "p.yaml:3:48: warning: The rule can never match: this excludes what line 3, column 16 asks for.")]
    [InlineData("destination.port == 80 && destination.port == 443", "p.yaml:3:42: warning: The rule can never match: this excludes what line 3, column 16 asks for.")]
    [InlineData("source.ip == ip(`10.0.0.1`) && source.ip == ip(`10.0.0.2`)", "p.yaml:3:47: warning: The rule can never match: this excludes what line 3, column 16 asks for.")]
    [InlineData("(source.name | `a`) == `b` && source.name | `a` == `c`", "p.yaml:3:46: warning: The rule can never match: this excludes what line 3, column 17 asks for.")]
    public void Match_ThatNothingFulfils_IsWarnedOf(string match, string expected) => Assert.Equal(expected, Problems(match));

    [Theory]
    [InlineData("true")]
    [InlineData("source.name == `a` && source.uid == `b`")]
    [InlineData("source.name == `a` && source.name == `a`")]
    [InlineData("source.name == `a` || source.name == `b`")]
    [InlineData("request.headers[`a`] == `x` && request.headers[`b`] == `y`")]
    [InlineData("source.name in [`a`, `b`] && source.name in [`b`, `c`]")]
    [InlineData("source.name in [`a`, `b`] && source.name != `a`")]
    [InlineData("source.name != `a` && source.name != `b`")]
    [InlineData("source.name.startsWith(`a`) && source.name.startsWith(`ab`)")]
    [InlineData("source.name.startsWith(`ab`) && source.name.startsWith(`a`)")]
    [InlineData("source.name.startsWith(`a`) && source.name != `a`")]
    [InlineData("source.name.startsWith(`a`) && !source.name.startsWith(`ab`)")]
    [InlineData("source.name == `abc` && source.name.startsWith(`a`)")]
    [InlineData("source.ip == ip(`10.0.0.1`) && source.ip == ip(`::ffff:10.0.0.1`)")]
    [InlineData("(source.name | `a`) == `b` && (source.name | `b`) == `c`")]
    [InlineData("source.name == source.uid && source.name == `a`")]
    public void Match_ThatSomethingFulfils_IsNotWarnedOf(string match) => Assert.Empty(Problems(match));

    [Theory]
    [InlineData("request.time", "\"request.time\" differs with every request: no answer that depends on it is ever reused.")]
    [InlineData("request.id", "\"request.id\" differs with every request: no answer that depends on it is ever reused.")]
    [InlineData("context.time", "\"context.time\" differs with every request: no answer that depends on it is ever reused.")]
    [InlineData("context.timestamp", "\"context.timestamp\" differs with every request: no answer that depends on it is ever reused.")]
    [InlineData("connection.id", "\"connection.id\" differs with every request: no answer that depends on it is ever reused.")]
    [InlineData("request.headers[`x-request-id`]", "\"request.headers['x-request-id']\" differs with every request: no answer that depends on it is ever reused.")]
    [InlineData("request.headers[`traceparent`]", "\"request.headers['traceparent']\" differs with every request: no answer that depends on it is ever reused.")]
    [InlineData("request.headers[request.id]", "\"request.id\" differs with every request: no answer that depends on it is ever reused.", 16)]
    [InlineData("request.size", "\"request.size\" is known only when a request is reported: it is never there at check time.")]
    [InlineData("request.total_size", "\"request.total_size\" is known only when a request is reported: it is never there at check time.")]
    [InlineData("response.code", "\"response.code\" is known only when a request is reported: it is never there at check time.")]
    [InlineData("response.headers[`a`]", "\"response.headers\" is known only when a request is reported: it is never there at check time.")]
    [InlineData("connection.event", "\"connection.event\" is known only when a request is reported: it is never there at check time.")]
    [InlineData("connection.duration", "\"connection.duration\" is known only when a request is reported: it is never there at check time.")]
    [InlineData("connection.sent.bytes", "\"connection.sent.bytes\" is known only when a request is reported: it is never there at check time.")]
    [InlineData("connection.received.bytes_total", "\"connection.received.bytes_total\" is known only when a request is reported: it is never there at check time.")]
    [InlineData("context.proxy_error_code", "\"context.proxy_error_code\" is known only when a request is reported: it is never there at check time.")]
    [InlineData("check.cache_hit", "\"check.cache_hit\" is known only when a request is reported: it is never there at check time.")]
    [InlineData("quota.cache_hit", "\"quota.cache_hit\" is known only when a request is reported: it is never there at check time.")]
    [InlineData("rbac.permissive.response_code", "\"rbac.permissive.response_code\" is known only when a request is reported: it is never there at check time.")]
    public void CheckRule_ThatReadsWhatItShouldNot_IsWarnedOf(string attribute, string message, int within = 0)
    {
        string match = $"source.name == `a` && {attribute} == {attribute}";
        int second = 42 + attribute.Length;
        Assert.Equal($"p.yaml:3:{38 + within}: warning: {message}\np.yaml:3:{second + within}: warning: {message}", Problems(match));
    }

    [Theory]
    [InlineData("listentry", "value: source.name | request.id", 24)]
    [InlineData("quota", "dimensions: {a: source.name, b: source.name | request.id}", 49)]
    public void CheckInstance_ThatReadsWhatItShouldNot_IsWarnedOf(string template, string parameters, int column) => Assert.Equal(
        $"p.yaml:5:{column}: warning: \"request.id\" differs with every request: no answer that depends on it is ever reused.", Loaded.Problems(WithInstance(template, parameters)));

    [Fact]
    public void HeaderOperation_ThatReadsWhatItShouldNot_IsWarnedOf() => Assert.Equal(
        """
        p.yaml:4:10: warning: "request.time" differs with every request: no answer that depends on it is ever reused.
        p.yaml:7:14: warning: "response.grpc_message" is known only when a request is reported: it is never there at check time.
        """,
        Loaded.Problems("""
            kind: rule
            metadata: {name: r}
            spec:
              match: request.time > timestamp("2024-01-01T00:00:00Z")
              requestHeaderOperations:
              - name: x-reason
                values: [response.grpc_message]
                operation: REPLACE
            """));

    [Fact]
    public void ReportRule_MayReadEverything() => Assert.Empty(Loaded.Problems(
        WithInstance("metric", "{value: response.size, dimensions: {a: request.id, b: check.error_code}}", "response.code == 500 && request.time != context.time")));

    [Fact]
    public void HandlerAndInstance_ThatNoRuleUses_AreWarnedOf() => Assert.Equal(
        """
        p.yaml:1:1: warning: No rule uses the handler "h.handler.istio-system".
        p.yaml:5:1: warning: No rule uses the instance "i.instance.istio-system".
        p.yaml:9:1: warning: No rule uses the instance "j.metric.istio-system".
        """,
        Loaded.Problems("""
            kind: handler
            metadata: {name: h}
            spec: {compiledAdapter: sink}
            ---
            kind: instance
            metadata: {name: i}
            spec: {compiledTemplate: checknothing}
            ---
            kind: metric
            metadata: {name: j}
            spec: {value: "1"}
            """));

    [Fact]
    public void Instance_OfARuleThatIsWrong_IsNotWarnedOf() => Assert.Equal(
        "p.yaml:7:28: error: There is no handler \"gone.handler.istio-system\".",
        Loaded.Problems("""
            kind: instance
            metadata: {name: i}
            spec: {compiledTemplate: checknothing}
            ---
            kind: rule
            metadata: {name: r}
            spec: {actions: [{handler: gone, instances: [i]}]}
            """));

    [Fact]
    public void Warnings_DoNotKeepAConfigurationFromGoingLive()
    {
        LoadResult loaded = Loaded.Load(Loaded.Rule("false"));
        Assert.True(loaded.IsValid);
        Assert.Equal(Severity.Warning, Assert.Single(loaded.Problems).Severity);
    }

    private static string Problems(string match) => Loaded.Problems(Loaded.Rule($"'{match}'"));

    private static string WithInstance(string template, string parameters, string match = "true") => $$"""
        kind: {{template}}
        metadata: {name: i}
        spec:
        # What the instance is made of.
          {{parameters}}
        ---
        kind: rule
        metadata: {name: r}
        spec: {match: '{{match}}', actions: [{handler: sink, instances: [i.{{template}}]}]}
        """;
}
