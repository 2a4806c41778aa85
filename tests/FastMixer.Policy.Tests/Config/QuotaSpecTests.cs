using FastMixer.Policy.Config;

namespace FastMixer.Policy.Tests.Config;

/// <summary>What is wrong with QuotaSpecs and their bindings is told with its place.</summary>
public sealed class QuotaSpecTests
{
    [Theory]
    [InlineData("rules: []", "p.yaml:1:1: error: The QuotaSpec has no rules: it needs at least one, with the quotas that it charges.")]
    [InlineData("rules: [{quotas: []}]", "p.yaml:3:16: error: The rule has no quotas: it needs at least one, with a name and a charge.")]
    [InlineData("rules: [{quotas: [{charge: 1}]}]", "p.yaml:3:26: error: The field \"quota\" is missing.")]
    [InlineData("rules: [{quotas: [{quota: q, charge: 0}]}]", "p.yaml:3:45: error: \"charge\": expected a whole number from 1 to 9223372036854775807, found '0'.")]
    [InlineData("rules: [{quotas: [{quota: q}], mtch: []}]", "p.yaml:3:39: error: Unknown field \"mtch\". Did you mean \"match\"?")]
    [InlineData("rules: [{quotas: [{quota: q}]}]", "p.yaml:3:34: warning: No instance of the template quota is named 'q', so that nothing limits it.")]
    [InlineData("rules: [{quotas: [{quota: q}], match: [{clause: {request.pth: {exact: x}}}]}]", "p.yaml:3:57: error: Unknown attribute \"request.pth\". Did you mean \"request.path\"?")]
    [InlineData("rules: [{quotas: [{quota: q}], match: [{clause: {request.size: {exact: x}}}]}]", "p.yaml:3:57: error: A clause compares a STRING; \"request.size\" is INT64.")]
    [InlineData("rules: [{quotas: [{quota: q}], match: [{clause: {request.path: {}}}]}]", "p.yaml:3:57: error: The clause of \"request.path\" needs one of exact, prefix, regex; found none.")]
    [InlineData("rules: [{quotas: [{quota: q}], match: [{clause: {request.path: {exact: a, prefix: b}}}]}]", "p.yaml:3:57: error: The clause of \"request.path\" needs one of exact, prefix, regex; found exact, prefix.")]
    [InlineData("rules: [{quotas: [{quota: q}], match: [{clause: {request.path: {regex: '('}}}]}]", "p.yaml:3:79: error: No regular expression:")]
    [InlineData("rules: [{quotas: [{quota: q}], match: [{clause: {request.path: {regex: 'a)|(?:b'}}}]}]", "p.yaml:3:79: error: No regular expression:")]
    public void WrongSpec_IsAProblem(string spec, string problem) =>
        Assert.Contains(Load($"kind: QuotaSpec\nmetadata: {{name: spec}}\nspec: {{{spec}}}\n"), one => one.StartsWith(problem, StringComparison.Ordinal));

    [Theory]
    [InlineData("{services: [{service: '*'}]}", "p.yaml:1:1: error: The QuotaSpecBinding has no \"quotaSpecs\": it needs at least one.")]
    [InlineData("{quotaSpecs: [{name: spec}]}", "p.yaml:1:1: error: The QuotaSpecBinding has no \"services\": it needs at least one.")]
    [InlineData("{services: [{service: '*'}], quotaSpecs: [{name: spc}]}", "p.yaml:3:56: error: There is no QuotaSpec \"spc.QuotaSpec.istio-system\". Did you mean \"spec.QuotaSpec.istio-system\"?")]
    [InlineData("{services: [{nam: x}], quotaSpecs: [{name: spec}]}", "p.yaml:3:19: error: The field \"name\" is missing.")]
    public void WrongBinding_IsAProblem(string binding, string problem) => Assert.Contains(
        Load($"kind: QuotaSpecBinding\nmetadata: {{name: b}}\nspec: {binding}\n---\nkind: QuotaSpec\nmetadata: {{name: spec}}\nspec: {{rules: [{{quotas: [{{quota: q}}]}}]}}\n"),
        one => one.StartsWith(problem, StringComparison.Ordinal));

    [Fact]
    public void SpecThatNothingBinds_IsAWarning() => Assert.Contains(
        "p.yaml:1:1: warning: No QuotaSpecBinding binds \"spec.QuotaSpec.istio-system\", so that it charges nothing.",
        Load("kind: QuotaSpec\nmetadata: {name: spec}\nspec: {rules: [{quotas: [{quota: q}]}]}\n"));

    private static IEnumerable<string> Load(string text) =>
        ConfigLoader.Load([new ConfigSource("p.yaml", text)], new AdapterCatalog([])).Problems.Select(problem => problem.ToString());
}
