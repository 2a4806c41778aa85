using FastMixer.Policy.Tests.Support;

namespace FastMixer.Policy.Tests.Language;

/// <summary>What is absent, and what is noted of it.</summary>
public sealed class AbsenceTests
{
    [Theory]
    [InlineData("source.name", "error: lookup failed: 'source.name'", "no source.name")]
    [InlineData("source.name | \"d\"", "\"d\"", "no source.name")]
    [InlineData("source.uid | \"d\"", "\"u\"", "source.uid")]
    [InlineData("source.name | source.uid | source.user", "\"u\"", "no source.name, source.uid")]
    [InlineData("source.name | source.user", "error: lookup failed: 'source.user'", "no source.name, no source.user")]
    [InlineData("source.labels[\"k\"]", "error: lookup failed: 'source.labels'", "no source.labels")]
    [InlineData("source.labels[\"k\"] | \"d\"", "\"d\"", "no source.labels")]
    [InlineData("request.headers[\"x\"]", "\"\"", "no request.headers[\"x\"]")]
    [InlineData("request.headers[\"x\"] | \"d\"", "\"d\"", "no request.headers[\"x\"]")]
    [InlineData("request.headers[\"empty\"] | \"d\"", "\"\"", "request.headers[\"empty\"]")]
    [InlineData("request.headers[\"a\"] | \"d\"", "\"1\"", "request.headers[\"a\"]")]
    [InlineData("source.name | request.headers[\"x\"]", "\"\"", "no request.headers[\"x\"], no source.name")]
    [InlineData("request.headers[source.name]", "error: lookup failed: 'source.name'", "no source.name")]
    [InlineData("request.headers[source.name] | \"d\"", "\"d\"", "no source.name")]
    [InlineData("request.headers[source.uid]", "\"of u\"", "request.headers[\"u\"], source.uid")]
    [InlineData("request.headers[source.uid + \"x\"] | \"d\"", "\"d\"", "no request.headers[\"ux\"], source.uid")]
    [InlineData("request.headers[source.uid] + request.headers[\"u\"]", "\"of uof u\"", "request.headers[\"u\"], source.uid")]
    [InlineData("source.labels[source.uid]", "error: lookup failed: 'source.labels'", "no source.labels")]
    [InlineData("toLower(source.name) | \"d\"", "error: lookup failed: 'source.name'", "no source.name")]
    [InlineData("(source.name == \"x\") | true", "error: lookup failed: 'source.name'", "no source.name")]
    [InlineData("(source.uid == \"x\") | true", "false", "source.uid")]
    [InlineData("conditional(true, source.name, \"b\") | \"d\"", "error: lookup failed: 'source.name'", "no source.name")]
    [InlineData("(source.labels | emptyStringMap())[\"k\"]", "\"\"", "no source.labels")]
    [InlineData("(source.labels | request.headers)[\"a\"]", "\"1\"", "no source.labels, request.headers[\"a\"]")]
    [InlineData("(request.headers | source.labels)[\"zz\"] | \"d\"", "\"d\"", "no request.headers[\"zz\"]")]
    [InlineData("conditional(source.uid == \"u\", request.headers, source.labels)[\"a\"]", "\"1\"", "request.headers[\"a\"], source.uid")]
    [InlineData("has(source.uid) && has(request.headers[\"a\"])", "true", "request.headers[\"a\"], source.uid")]
    [InlineData("has(source.labels[\"a\"])", "false", "no source.labels")]
    [InlineData("has(request.headers)", "true", "request.headers")]
    [InlineData("has(source.labels)", "false", "no source.labels")]
    [InlineData("source.labels | request.headers", "map of 3", "no source.labels, request.headers")]
    [InlineData("has(request.headers[source.name])", "false", "no source.name")]
    [InlineData("source.uid == \"x\" && source.name == \"y\"", "false", "source.uid")]
    [InlineData("source.uid == \"u\" || source.name == \"y\"", "true", "source.uid")]
    [InlineData("source.uid == source.name", "error: lookup failed: 'source.name'", "no source.name, source.uid")]
    [InlineData("source.uid in [\"a\", source.name]", "error: lookup failed: 'source.name'", "no source.name, source.uid")]
    [InlineData("source.uid in [\"u\", source.name]", "true", "source.uid")]
    [InlineData("conditional(source.uid == \"u\", \"a\", source.name)", "\"a\"", "source.uid")]
    public void Lookup_OfWhatMayBeAbsent_FollowsTheRulesAndIsNoted(string expression, string expected, string references)
    {
        Attributes attributes = new Attributes().Set("source.uid", "u").Map("request.headers", ("a", "1"), ("empty", ""), ("u", "of u"));
        Evaluated evaluated = Evaluated.Of(expression, attributes.ToBag());
        Assert.Equal(expected, evaluated.Text);
        Assert.Equal(references, string.Join(", ", evaluated.References));
    }
}
