using FastMixer.Policy.Config;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Templates;
using FastMixer.Policy.Tests.Support;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Tests.Config;

/// <summary>Bindings of attributes to what generators give: what is read, what is said of wrong ones, and a value of every type.</summary>
public sealed class AttributeBindingTests
{
    private static readonly AdapterCatalog Adapters = new([new AdapterDescriptor("pods", [KubernetesTemplate.Name], _ => new object())]);

    [Theory]
    [InlineData("[source.name]", "p.yaml:3:57: error: \"attributeBindings\": expected a mapping from attributes to expressions, found a list.")]
    [InlineData("{source.name: [x]}", "p.yaml:3:71: error: \"source.name\": expected an expression, found a list.")]
    [InlineData("{source.nme: '\"x\"'}", "p.yaml:3:58: error: Unknown attribute \"source.nme\". Did you mean \"source.name\"?")]
    [InlineData("{$out.source_namespace: '\"x\"'}", "p.yaml:3:58: error: \"$out.source_namespace\" is what the handler gives: a binding sets an attribute of the request.")]
    [InlineData("{source.name: request.size}", "p.yaml:3:71: error: \"source.name\" is STRING: expected STRING, found INT64.")]
    [InlineData("{source.ip: $out.source_pod_ip | \"x\"}", "p.yaml:3:90: error: Both sides of '|' must have the same type: expected IP_ADDRESS, found STRING.")]
    [InlineData("{source.name: $out.source_pod_nme}", "p.yaml:3:71: error: Unknown attribute \"$out.source_pod_nme\". Did you mean \"$out.source_pod_name\"?")]
    public void WrongBinding_IsToldWithItsPlace(string bindings, string problem) => Assert.Equal(
        problem, Assert.Single(Load(bindings).Problems, one => one.Severity == Severity.Error).ToString());

    [Fact]
    public void Manifest_ThatDeclaresAnOutput_IsAProblem() => Assert.Contains(
        "p.yaml:3:21: error: \"$out.mine\": names that begin with $out. are those of generators' outputs.",
        ConfigLoader.Load([new ConfigSource("p.yaml", "kind: attributemanifest\nmetadata: {name: m}\nspec: {attributes: {$out.mine: {valueType: STRING}}}")], Adapters)
            .Problems.Select(one => one.ToString()));

    [Fact]
    public void Binding_OfAnyType_SetsItsAttribute()
    {
        LoadResult loaded = Load("""
            {connection.mtls: 'true', request.size: 1 + 2, own.ratio: '0.5', request.time: 'timestamp("1970-01-01T00:00:00.000000005Z")',
             response.duration: '"7ns"', source.ip: 'ip("10.0.0.1")', source.name: source.uid, source.labels: request.headers}
            ---
            kind: attributemanifest
            metadata: {name: m}
            spec: {attributes: {own.ratio: {valueType: DOUBLE}}}
            """);
        Assert.DoesNotContain(loaded.Problems, problem => problem.Severity == Severity.Error);
        Snapshot snapshot = loaded.Snapshot!;
        AttributeBag bag = new Attributes(snapshot.Vocabulary).Set("source.uid", "me").Map("request.headers", ("a", "1")).ToBag();
        using var context = new EvaluationContext();
        context.Reset(bag, snapshot.References);

        foreach (AttributeBinding binding in Assert.Single(Assert.Single(snapshot.Rules).Actions).Instance.Bindings)
        {
            Assert.True(binding.TrySet(context, bag));
        }

        string[] names = ["connection.mtls", "request.size", "own.ratio", "request.time", "response.duration", "source.ip", "source.name", "source.labels[\"a\"]"];
        Assert.Equal(
            ["true", "3", "0.5", "1970-01-01T00:00:00.000000005Z", "7ns", "10.0.0.1", "\"me\"", "\"1\""], names.Select(name => Evaluated.Of(name, bag).Text));
    }

    private static LoadResult Load(string bindings) => ConfigLoader.Load(
        [
            new ConfigSource("p.yaml", $"kind: instance\nmetadata: {{name: i}}\nspec: {{compiledTemplate: kubernetes, attributeBindings: {bindings.Replace("\n---", "}\n---", StringComparison.Ordinal)}{(bindings.Contains("---", StringComparison.Ordinal) ? "" : "}")}\n"),
            new ConfigSource("q.yaml", "kind: pods\nmetadata: {name: h}\n---\nkind: rule\nmetadata: {name: r}\nspec: {actions: [{handler: h.pods, instances: [i]}]}"),
        ],
        Adapters);
}
