using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Language.References;
using FastMixer.Policy.Tests.Support;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Tests.Language;

/// <summary>Evaluation allocates nothing, whether it ends with a value or an error.</summary>
public sealed class AllocationTests
{
    [Theory]
    [InlineData("source.namespace == \"web\" && request.size + 1 > 2 || has(request.headers[\"none\"])")]
    [InlineData("request.headers[source.namespace] == \"x\" || request.headers[toLower(source.name) + \"y\"] | \"d\" == \"d\"")]
    [InlineData("source.user == \"x\"")]
    [InlineData("toLower(source.name) + reverse(source.name) + source.namespace == \"x\"")]
    [InlineData("`^[A-Z]+é*$`.matches(source.name)")]
    [InlineData("source.namespace.matches(source.name)")]
    [InlineData("ip(request.host) == source.ip")]
    [InlineData("ip(source.name) == source.ip")]
    [InlineData("timestamp(request.path) < request.time")]
    [InlineData("timestamp(source.name) < request.time")]
    [InlineData("dnsName(request.referer) == dnsName(\"xn--bcher-kva.example\")")]
    [InlineData("dnsName(request.path) == dnsName(\"a\")")]
    [InlineData("email(source.principal) == email(source.principal)")]
    [InlineData("uri(request.url_path) == uri(request.url_path)")]
    [InlineData("source.namespace in [\"a\", \"b\", \"web\"] && (source.labels | emptyStringMap())[\"k\"] == \"\"")]
    [InlineData("request.size / (request.size - request.size) == 1")]
    [InlineData("conditional(request.time < request.time + \"5m\", source.name, source.user) == conditionalString(true, \"a\", \"b\")")]
    public void Evaluate_AfterWarmUp_AllocatesNothing(string expression)
    {
        AttributeBag bag = new Attributes()
            .Set("source.namespace", "web").Set("source.name", "NAME").Set("request.size", 7).Set("request.host", "2001:db8::1")
            .Set("request.path", "2024-01-01T00:00:00.5Z").Set("request.referer", "Bücher.example").Set("source.principal", "Joe@bücher.example")
            .Set("request.url_path", "https://joe@Example.com:80/x?y").Map("request.headers", ("a", "1"), ("web", "2"))
            .Parse("source.ip", "\"10.0.0.1\"").Parse("request.time", "\"2024-06-01T00:00:00Z\"").ToBag();
        var table = new ReferenceTable(Vocabulary.Standard);
        Node<bool> node = new Compiler(table).Compile(expression).Bool;
        using var context = new EvaluationContext();

        Assert.Equal(0, Measure.Bytes(() => Evaluate(node, context, bag, table)));
    }

    private static void Evaluate(Node<bool> node, EvaluationContext context, AttributeBag bag, ReferenceTable table)
    {
        context.Reset(bag, table);
        node.TryEvaluate(context, out _);
        foreach (Reference reference in context.References)
        {
            Assert.True(reference.Slot >= 0);
        }

        Assert.True(context.References.Count > 0);
    }
}
