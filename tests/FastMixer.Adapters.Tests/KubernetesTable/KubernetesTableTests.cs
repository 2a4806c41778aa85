using FastMixer.Adapters.KubernetesTable;
using FastMixer.Engine.Checks;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Tests.Support;
using FastMixer.Policy.Config;
using FastMixer.Protocol.Messages;
using FastMixer.Testing;

namespace FastMixer.Adapters.Tests.KubernetesTable;

/// <summary>What a policy adds to requests from a table of pods, over the whole way of a check.</summary>
public sealed class KubernetesTableTests
{
    private const string Policy = """
        kind: handler
        metadata: {name: pods}
        spec:
          compiledAdapter: kubernetestable
          params:
            pods:
            - {name: web-1, namespace: shop, ip: 10.0.0.7, labels: {app: web, version: v1}, workload_name: web, service_account_name: web-sa}
            - {name: db-1, namespace: data, ip: "2001:db8::1", uid: "kubernetes://special", labels: {app: db}, containers: [{name: sql, port: 5432}]}
        ---
        kind: instance
        metadata: {name: attributes}
        spec:
          compiledTemplate: kubernetes
          params:
            source_uid: source.uid | ""
            source_ip: source.ip | ip("0.0.0.0")
            destination_uid: destination.uid | ""
            destination_ip: destination.ip | ip("0.0.0.0")
            destination_port: destination.port | 0
          attributeBindings:
            source.labels: $out.source_labels | emptyStringMap()
            source.namespace: $out.source_namespace | "unknown"
            source.workload.name: $out.source_workload_name | "none"
            destination.namespace: $out.destination_namespace | "unknown"
            destination.container.name: $out.destination_container_name | "none"
        ---
        kind: attributemanifest
        metadata: {name: more}
        spec: {attributes: {destination.container.name: {valueType: STRING}}}
        ---
        kind: rule
        metadata: {name: generate}
        spec: {actions: [{handler: pods, instances: [attributes]}]}
        ---
        kind: handler
        metadata: {name: closed}
        spec: {compiledAdapter: fake, params: {answer: PERMISSION_DENIED}}
        ---
        kind: instance
        metadata: {name: nothing}
        spec: {compiledTemplate: checknothing}
        ---
        kind: rule
        metadata: {name: deny}
        spec:
          match: MATCH
          actions: [{handler: closed, instances: [nothing]}]

        """;

    [Theory]
    [InlineData("source.namespace == \"shop\"", "10.0.0.7", true)]
    [InlineData("source.namespace == \"shop\"", "::ffff:10.0.0.7", true)]
    [InlineData("source.namespace == \"shop\"", "10.0.0.8", false)]
    [InlineData("source.namespace == \"unknown\"", "10.0.0.8", true)]
    [InlineData("source.labels[\"app\"] == \"web\" && source.labels[\"version\"] == \"v1\"", "10.0.0.7", true)]
    [InlineData("source.labels[\"app\"] == \"\"", "10.0.0.8", true)]
    [InlineData("source.workload.name in [\"web\", \"api\"]", "10.0.0.7", true)]
    [InlineData("source.namespace == \"data\"", "2001:db8::1", true)]
    public async Task Source_IsFoundByItsAddress(string match, string ip, bool denied)
    {
        await using var engine = Start(match);

        Answer answer = await engine.CheckAsync(attributes => attributes.SetIpAddress("source.ip", System.Net.IPAddress.Parse(ip).GetAddressBytes()));

        Assert.Equal((null, denied ? StatusCode.PermissionDenied : StatusCode.Ok), (answer.Failure, answer.Status));
    }

    [Fact]
    public async Task Uid_ComesBeforeTheAddress_AndAPortNamesAContainer()
    {
        await using var engine = Start("source.namespace == \"data\" && destination.container.name == \"sql\"");

        Answer answer = await engine.CheckAsync(attributes =>
        {
            attributes.Set("source.uid", "kubernetes://special");
            attributes.SetIpAddress("source.ip", [10, 0, 0, 7]);
            attributes.Set("destination.uid", "kubernetes://special");
            attributes.Set("destination.port", 5432L);
        });

        Assert.Equal(StatusCode.PermissionDenied, answer.Status);
    }

    [Fact]
    public async Task RequestsOwnAttribute_IsNotOverridden_AndIsWhatCounts()
    {
        await using var engine = Start("source.namespace == \"shop\"");

        Answer answer = await engine.CheckAsync(attributes =>
        {
            attributes.SetIpAddress("source.ip", [10, 0, 0, 7]);
            attributes.Set("source.namespace", "elsewhere");
        });

        Assert.Equal(StatusCode.Ok, answer.Status);
        Assert.Equal(["no destination.ip", "no destination.port", "no destination.uid", "no source.uid", "source.ip", "source.namespace"], answer.References);
    }

    [Fact]
    public async Task AddedAttribute_IsReferencedAsItsAbsence_AndOutputsNotAtAll()
    {
        await using var engine = Start("source.labels[\"app\"] == \"web\" && source.labels[source.workload.name] == \"\"");

        Answer answer = await engine.CheckAsync(attributes => attributes.SetIpAddress("source.ip", [10, 0, 0, 7]));

        Assert.Equal(StatusCode.PermissionDenied, answer.Status);
        Assert.Equal(
            ["no destination.ip", "no destination.port", "no destination.uid", "no source.labels", "no source.uid", "no source.workload.name", "source.ip"],
            answer.References);
    }

    [Fact]
    public async Task OutputThatTheSidecarSends_IsNotBelieved()
    {
        await using var engine = Start("source.namespace == \"shop\"");

        Answer answer = await engine.CheckAsync(attributes => attributes.Set("$out.source_namespace", "shop"));

        Assert.Equal(StatusCode.Ok, answer.Status);
    }

    [Theory]
    [InlineData("", "a binding of the instance attributes.instance.istio-system could not be evaluated: lookup failed: '$out.source_workload_name'", StatusCode.Ok)]
    [InlineData("onError: deny", null, StatusCode.PermissionDenied)]
    [InlineData("onError: ignore-rule", null, StatusCode.Ok)]
    public async Task BindingThatCannotBeEvaluated_IsAnErrorOfTheRule(string onError, string? failure, StatusCode status)
    {
        string policy = Policy.Replace("MATCH", "false", StringComparison.Ordinal)
            .Replace("$out.source_workload_name | \"none\"", "$out.source_workload_name", StringComparison.Ordinal)
            .Replace("spec: {actions: [{handler: pods, instances: [attributes]}]}", $"spec:\n  actions: [{{handler: pods, instances: [attributes]}}]\n  {onError}", StringComparison.Ordinal);
        await using var engine = TestEngine.Start(policy, new KubernetesTableAdapter());

        Answer answer = await engine.CheckAsync();

        Assert.Equal(failure, answer.Failure);
        Assert.Equal(status, answer.Failure is null ? answer.Status : StatusCode.Ok);
        Assert.Equal(1, engine.Engine.RuleErrors["generate.rule.istio-system"].Instance);
    }

    [Fact]
    public async Task Generating_AllocatesNothing()
    {
        await using var engine = Start("source.labels[\"app\"] == \"db\"");
        byte[] message = TestEngine.Encode(attributes => attributes.SetIpAddress("source.ip", [10, 0, 0, 7]));
        CheckCall call = engine.Engine.Calls.Get();

        AllocationAssert.Zero(1_000, () =>
        {
            engine.Read(call, message);
            ValueTask answered = engine.Engine.CheckAsync(call);
            Assert.True(answered.IsCompletedSuccessfully);
        });

        engine.Engine.Calls.Return(call);
    }

    [Theory]
    [InlineData("source.labels: $out.source_labels | emptyStringMap()", "source.label: $out.source_labels", "policy.yaml:21:5: error: Unknown attribute \"source.label\". Did you mean \"source.labels\"?")]
    [InlineData("$out.source_namespace | \"unknown\"", "$out.source_namespce", "policy.yaml:22:23: error: Unknown attribute \"$out.source_namespce\". Did you mean \"$out.source_namespace\"?")]
    [InlineData("$out.source_namespace | \"unknown\"", "$out.source_labels", "policy.yaml:22:23: error: \"source.namespace\" is STRING: expected STRING, found STRING_MAP.")]
    [InlineData("MATCH", "$out.source_namespace == \"x\"", "policy.yaml:46:10: error: \"$out.source_namespace\" may stand only in attributeBindings.")]
    [InlineData("{compiledTemplate: checknothing}", "{compiledTemplate: checknothing, attributeBindings: {}}", "policy.yaml:41:40: error: Unknown field \"attributeBindings\".")]
    [InlineData("ip: \"2001:db8::1\"", "ip: 10.0.0.7", "policy.yaml:8:41: error: The address ::ffff:10.0.0.7 is already that of the pod at policy.yaml:7:42.")]
    [InlineData("name: db-1, namespace: data, ip: \"2001:db8::1\", uid: \"kubernetes://special\"", "name: web-1, namespace: shop", "policy.yaml:8:7: error: The uid \"kubernetes://web-1.shop\" is already that of the pod at policy.yaml:7:7.")]
    [InlineData("port: 5432", "port: 70000", "policy.yaml:8:135: error: \"port\": expected a whole number from 1 to 65535, found '70000'.")]
    [InlineData("namespace: data, ", "", "policy.yaml:8:7: error: The field \"namespace\" is missing.")]
    public void WrongPolicy_IsToldWithItsPlace(string right, string wrong, string problem)
    {
        string policy = Policy.Replace(right, wrong, StringComparison.Ordinal).Replace("MATCH", "true", StringComparison.Ordinal);
        var adapters = new AdapterRegistry([new KubernetesTableAdapter(), new FakeAdapter()]);

        LoadResult loaded = ConfigLoader.Load([new ConfigSource("policy.yaml", policy)], adapters.Catalog);

        Assert.Contains(loaded.Problems, one => one.ToString().StartsWith(problem, StringComparison.Ordinal));
    }

    private static TestEngine Start(string match) => TestEngine.Start(
        Policy.Replace("MATCH", $"'{match}'", StringComparison.Ordinal), new KubernetesTableAdapter());
}
