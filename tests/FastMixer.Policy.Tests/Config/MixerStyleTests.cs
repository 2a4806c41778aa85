using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Templates;
using FastMixer.Policy.Tests.Support;

namespace FastMixer.Policy.Tests.Config;

/// <summary>Configurations as Mixer's users have them: what is known here loads as it is, and what is not gets an answer that says so.</summary>
public sealed class MixerStyleTests
{
    private const string Known = " Known are: drain, picky, pods, sink.";

    private static readonly AdapterCatalog Adapters = new(
    [
        new AdapterDescriptor("sink", [.. Template.All.Select(template => template.Name)], _ => new object()) { Aliases = ["drain"] },
        new AdapterDescriptor("picky", ["checknothing"], _ => new object()),
        new AdapterDescriptor("pods", [KubernetesTemplate.Name], _ => new object()) { InPlaceOf = ["kubernetesenv"] },
    ]);

    /// <summary>Every template, as published configurations fill it in the older form.</summary>
    public static TheoryData<string, string> Templates { get; } = new()
    {
        { "checknothing", "" },
        { "reportnothing", "" },
        { "listentry", "value: source.labels[\"app.kubernetes.io/version\"] | source.labels[\"version\"]" },
        { "quota", "dimensions:\n    source: request.headers[\"x-forwarded-for\"] | \"unknown\"\n    destinationVersion: destination.labels[\"version\"] | \"unknown\"" },
        {
            "authorization",
            "subject:\n    user: request.auth.principal | \"\"\n    groups: request.auth.principal | \"\"\n    properties: {namespace: source.namespace | \"\"}\n"
            + "  action:\n    namespace: destination.namespace | \"\"\n    service: destination.service.host | \"\"\n    method: request.method | \"\"\n    path: request.path | \"\"\n"
            + "    properties: {version: 'request.headers[\"version\"] | \"\"'}"
        },
        { "apikey", "api: api.service | \"\"\n  api_version: api.version | \"\"\n  api_operation: api.operation | \"\"\n  api_key: request.api_key | \"\"" },
        { "metric", "value: connection.sent.bytes | 0\n  dimensions: {response_code: response.code | 200}\n  monitored_resource_type: '\"UNSPECIFIED\"'" },
        {
            "logentry",
            "severity: '\"info\"'\n  timestamp: context.time | timestamp(\"2017-01-01T00:00:00Z\")\n  variables:\n    sourceIp: source.ip | ip(\"0.0.0.0\")\n"
            + "    latency: response.duration | \"0ms\"\n    connectionMtls: connection.mtls | false\n  monitored_resource_type: '\"global\"'"
        },
        {
            "tracespan",
            "traceId: request.headers[\"x-b3-traceid\"]\n  spanName: request.path | \"/\"\n  startTime: request.time\n  endTime: response.time\n"
            + "  clientSpan: (context.reporter.kind | \"inbound\") == \"outbound\"\n  rewriteClientSpanId: \"false\"\n  httpStatusCode: response.code | 0\n"
            + "  spanTags:\n    http.method: request.method | \"\"\n    response.size: response.size | 0\n  source_ip: source.ip | ip(\"0.0.0.0\")"
        },
        { "edge", "timestamp: request.time | context.time | timestamp(\"2017-01-01T00:00:00Z\")\n  sourceUid: source.uid | \"Unknown\"\n  destinationServiceName: destination.service.name | \"Unknown\"" },
        {
            "kubernetes",
            "source_uid: source.uid | \"\"\n  source_ip: source.ip | ip(\"0.0.0.0\") # default to unspecified ip addr\n  destination_port: destination.port | 0\n"
            + "  attribute_bindings:\n    source.labels: $out.source_labels | emptyStringMap()\n    source.ip: $out.source_pod_ip | ip(\"0.0.0.0\")\n    source.uid: $out.source_pod_uid | \"unknown\""
        },
    };

    [Fact]
    public void Templates_AreAllTested() => Assert.Equal(
        Template.All.Select(template => template.Name).Order(StringComparer.Ordinal), Templates.Select(row => row.Data.Item1).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Templates))]
    public void Template_InTheOlderForm_Loads(string template, string fields)
    {
        LoadResult loaded = Load($$"""
            apiVersion: "config.istio.io/v1alpha2"
            kind: sink
            metadata: {name: handler, namespace: istio-system}
            spec:
              # when nothing but a comment stands here
            ---
            apiVersion: "config.istio.io/v1alpha2"
            kind: {{template}}
            metadata:
              name: data
              namespace: istio-system
              labels: {app: mixer, release: istio}
            spec:
              {{fields}}
            ---
            apiVersion: "config.istio.io/v1alpha2"
            kind: rule
            metadata: {name: send, namespace: istio-system}
            spec:
              match: "true" # match for all requests
              actions:
              - handler: handler.sink
                instances:
                - data.{{template}}
            ---
            """);

        Assert.DoesNotContain(loaded.Problems, problem => problem.Severity == Severity.Error);
        Rule rule = Assert.Single(loaded.Snapshot!.Rules);
        Assert.Equal((null, $"data.{template}.istio-system"), (rule.Match, Assert.Single(rule.Actions).Instance.FullName));
    }

    [Theory]
    [InlineData("prometheus", "Mixer's adapter 'prometheus' is not built in." + Known)]
    [InlineData("redisquota", "Mixer's adapter 'redisquota' is not built in." + Known)]
    [InlineData("rbac", "Mixer's adapter 'rbac' is not built in." + Known)]
    [InlineData("stdio", "Mixer's adapter 'stdio' is not built in." + Known)]
    [InlineData("kubernetesenv", "Mixer's adapter 'kubernetesenv' is not built in. Use pods in its place.")]
    public void AdapterOfMixer_ThatIsNotBuiltIn_IsToldOnce_InBothForms(string adapter, string message)
    {
        const string Rule = "---\nkind: rule\nmetadata: {name: r}\nspec: {actions: [{handler: HANDLER, instances: [data.checknothing]}]}\n"
            + "---\nkind: checknothing\nmetadata: {name: data}\n";

        Assert.Equal(
            $"p.yaml:1:7: error: {message}",
            Problems($"kind: {adapter}\nmetadata: {{name: h}}\nspec: {{metrics: [{{name: x}}]}}\n" + Rule.Replace("HANDLER", $"h.{adapter}", StringComparison.Ordinal)));
        Assert.Equal(
            $"p.yaml:3:25: error: {message}",
            Problems($"kind: handler\nmetadata: {{name: h}}\nspec: {{compiledAdapter: {adapter}, params: {{metrics: [{{name: x}}]}}}}\n" + Rule.Replace("HANDLER", "h", StringComparison.Ordinal)));
    }

    [Fact]
    public void AdaptersInProcessesOfTheirOwn_AreToldOnceEach() => Assert.Equal(
        """
        p.yaml:3:8: error: "template" is for adapters that run in a process of their own, which are not known here: "compiledTemplate" alone names one.
        p.yaml:7:8: error: "adapter" is for adapters that run in a process of their own, which are not known here: "compiledAdapter" alone names one.
        p.yaml:13:7: error: The kind 'adapter' is for adapters that run in a process of their own, which are not known here.
        p.yaml:17:7: error: The kind 'template' is for adapters that run in a process of their own, which are not known here.
        """,
        Problems("""
            kind: instance
            metadata: {name: requestcount}
            spec: {template: metric, params: {value: "1"}}
            ---
            kind: handler
            metadata: {name: metrics}
            spec: {adapter: prometheus-nosession, connection: {address: "adapter:8080"}, params: {metrics: []}}
            ---
            kind: rule
            metadata: {name: send}
            spec: {actions: [{handler: metrics, instances: [requestcount]}]}
            ---
            kind: adapter
            metadata: {name: prometheus-nosession}
            spec: {session_based: false, templates: [metric], config: CvD5}
            ---
            kind: template
            metadata: {name: metric}
            spec: {descriptor: CvD6}
            """));

    [Theory]
    [InlineData("p.json", """{"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}, "items": [HANDLER, INSTANCE, RULE]}""")]
    [InlineData("p.json", "[HANDLER, INSTANCE, RULE]")]
    [InlineData("p.yaml", "kind: List\nitems:\n- HANDLER\n- INSTANCE\n---\nRULE")]
    public void Resources_MayStandInAList(string file, string text)
    {
        LoadResult loaded = Load(
            text.Replace("HANDLER", """{"kind": "sink", "metadata": {"name": "h", "uid": "1", "generation": 1, "managedFields": [{"manager": "kubectl"}]}}""", StringComparison.Ordinal)
                .Replace("INSTANCE", """{"kind": "checknothing", "metadata": {"name": "data"}}""", StringComparison.Ordinal)
                .Replace("RULE", """{"kind": "rule", "metadata": {"name": "r"}, "spec": {"match": "source.name == \"\u0061\"", "actions": [{"handler": "h.sink", "instances": ["data.checknothing"]}]}}""", StringComparison.Ordinal),
            file);

        Assert.Empty(loaded.Problems);
        Assert.Equal("r.rule.istio-system", Assert.Single(loaded.Snapshot!.Rules).Name);
    }

    [Fact]
    public void References_ToAKindThatIsWrong_AreNoSecondProblem() => Assert.StartsWith(
        "p.yaml:1:7: error: Unknown kind 'snik': expected",
        Assert.Single(Load("kind: snik\nmetadata: {name: h}\n---\n" + Loaded.Rule("true").Replace("sink", "h.snik", StringComparison.Ordinal)
            + "\n---\nkind: instance\nmetadata: {name: nothing}\nspec: {compiledTemplate: checknothing}").Problems).ToString(),
        StringComparison.Ordinal);

    private static LoadResult Load(string text, string name = "p.yaml") => ConfigLoader.Load([new ConfigSource(name, text)], Adapters);

    private static string Problems(string text) => string.Join('\n', Load(text).Problems);
}
