using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;

namespace FastMixer.Policy.Tests.Config;

/// <summary>Header operations of rules: what is read, and what is said of those that are wrong, where.</summary>
public sealed class HeaderOperationTests
{
    [Fact]
    public void Rule_WithOperationsAndNoActions_IsARule()
    {
        Rule rule = Read("""
            kind: rule
            metadata: {name: headers}
            spec:
              requestHeaderOperations:
              - name: x-user
                values: [source.user, '"guest"']
                operation: APPEND
              - {name: ":path", values: ['"/v2" + request.path']}
              - {name: x-debug, operation: REMOVE}
              response_header_operations:
              - {name: server, values: ['"mesh"']}
            """);

        Assert.Empty(rule.Actions);
        Assert.Equal(
            ["request Append x-user", "request Append x-user", "request Replace :path", "request Remove x-debug", "response Replace server"],
            rule.HeaderOperations.Select(operation => $"{(operation.IsRequest ? "request" : "response")} {operation.Kind} {operation.Name}"));
    }

    [Fact]
    public void AttributesThatOnlyOperationsRead_AreKept()
    {
        LoadResult loaded = Load("kind: rule\nmetadata: {name: headers}\nspec: {requestHeaderOperations: [{name: x, values: [source.user]}]}");

        Assert.True(loaded.Snapshot!.Vocabulary.TryGetSlot("source.user", out int user));
        Assert.True(loaded.Snapshot.Vocabulary.TryGetSlot("source.name", out int name));
        Assert.True(loaded.Snapshot.Selection.Contains(user));
        Assert.False(loaded.Snapshot.Selection.Contains(name));
    }

    [Theory]
    [InlineData("{name: x, values: ['\"a\"'], operation: REPLCE}", "4:67: error: \"operation\": expected one of REPLACE, REMOVE, APPEND, found 'REPLCE'. Did you mean \"REPLACE\"?")]
    [InlineData("{name: x, values: ['\"a\"'], operation: REMOVE}", "4:48: error: \"values\": REMOVE takes none; it removes the header whatever its value.")]
    [InlineData("{name: x}", "4:29: error: The field \"values\" is missing: REPLACE needs at least one expression.")]
    [InlineData("{name: x, values: []}", "4:29: error: The field \"values\" is missing: REPLACE needs at least one expression.")]
    [InlineData("{name: x, operation: APPEND}", "4:29: error: The field \"values\" is missing: APPEND needs at least one expression.")]
    [InlineData("{values: ['\"a\"']}", "4:29: error: The field \"name\" is missing.")]
    [InlineData("{name: x, value: '\"a\"', operation: REMOVE}", "4:39: error: Unknown field \"value\". Did you mean \"values\"?")]
    [InlineData("{name: x, values: [request.size]}", "4:48: error: \"values\": expected STRING, found INT64.")]
    [InlineData("{name: x, values: ['response.duration']}", "4:49: error: \"values\": expected STRING, found DURATION.")]
    [InlineData("{name: x, values: ['source.usr']}", "4:49: error: Unknown attribute \"source.usr\". Did you mean \"source.user\"?")]
    [InlineData("{name: x, values: [lookup.output.user]}", "4:48: error: Unknown attribute \"lookup.output.user\".")]
    [InlineData("{name: x, values: ['\"a\" + 1']}", "4:53: error: '+' does not take STRING and INT64.")]
    [InlineData("{name: x, values: ['\"\"']}", "4:48: error: \"values\": no header can have this value: expected 1 to 4096 bytes, no control characters but the tab.")]
    [InlineData("{name: x, values: ['\"a\\r\\nset-cookie: b\"']}", "4:48: error: \"values\": no header can have this value: expected 1 to 4096 bytes, no control characters but the tab.")]
    [InlineData("{name: ':path', values: ['\"/a b\"']}", "4:54: error: \"values\": no header can have this value: expected 1 to 4096 bytes, visible ASCII characters only.")]
    [InlineData("{name: 'x y', operation: REMOVE}", "4:36: error: \"name\": 'x y' is no name of a header: expected at most 256 letters, digits and !#$%&'*+-.^_`|~.")]
    [InlineData("{name: 'x:y', operation: REMOVE}", "4:36: error: \"name\": 'x:y' is no name of a header: expected at most 256 letters, digits and !#$%&'*+-.^_`|~.")]
    [InlineData("{name: \"x\\r\\ny\", operation: REMOVE}", "4:36: error: \"name\": 'x\r\ny' is no name of a header: expected at most 256 letters, digits and !#$%&'*+-.^_`|~.")]
    [InlineData("{name: ż, operation: REMOVE}", "4:36: error: \"name\": 'ż' is no name of a header: expected at most 256 letters, digits and !#$%&'*+-.^_`|~.")]
    [InlineData("{name: ':status', operation: REMOVE}", "4:36: error: \"name\": ':status' is no name of a header: expected at most 256 letters, digits and !#$%&'*+-.^_`|~.")]
    [InlineData("{name: ':path', operation: REMOVE}", "4:36: error: \"name\": ':path' can only be replaced, and only in a request.")]
    [InlineData("{name: ':path', values: ['\"/\"'], operation: APPEND}", "4:36: error: \"name\": ':path' can only be replaced, and only in a request.")]
    [InlineData("x", "4:29: error: Expected a mapping of fields, found 'x'.")]
    public void WrongOperation_IsToldWithItsPlace(string operation, string problem) => Assert.Contains(
        "policy.yaml:" + problem, Problems($"kind: rule\nmetadata: {{name: h}}\nspec:\n  requestHeaderOperations: [{operation}]"));

    [Fact]
    public void PseudoHeaderOfAResponse_IsTold() => Assert.Contains(
        "policy.yaml:3:42: error: \"name\": ':path' can only be replaced, and only in a request.",
        Problems("kind: rule\nmetadata: {name: h}\nspec: {responseHeaderOperations: [{name: ':path', values: ['\"/\"']}]}"));

    [Fact]
    public void ReplaceWithSeveralValues_IsAWarning()
    {
        LoadResult loaded = Load("kind: rule\nmetadata: {name: h}\nspec: {requestHeaderOperations: [{name: x, values: ['\"a\"', '\"b\"']}]}");

        Assert.NotNull(loaded.Snapshot);
        Assert.Equal(
            ["policy.yaml:3:53: warning: REPLACE is done once for each value, so that only the last one stays. Did you mean \"APPEND\"?"],
            loaded.Problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void MoreOperationsThanADirectiveHolds_AreTold()
    {
        string operations = string.Join(", ", Enumerable.Range(0, 65).Select(i => $"{{name: x-{i}, operation: REMOVE}}"));

        Assert.Equal(
            ["policy.yaml:1:1: error: The rule has 65 header operations; at most 64 are allowed."],
            Problems($"kind: rule\nmetadata: {{name: h}}\nspec: {{requestHeaderOperations: [{operations}]}}"));
    }

    [Fact]
    public void RuleWithNeitherActionsNorOperations_IsTold() => Assert.Equal(
        ["policy.yaml:1:1: error: The rule has no actions: it needs at least one, with a handler and its instances, or a header operation."],
        Problems("kind: rule\nmetadata: {name: h}\nspec: {requestHeaderOperations: []}"));

    [Fact]
    public void AllProblemsOfARule_AreToldAtOnce() => Assert.Equal(3, Problems(
        "kind: rule\nmetadata: {name: h}\nspec: {requestHeaderOperations: [{name: x}, {name: 'a b', operation: REMOVE}, {name: y, values: [1]}]}").Count);

    private static Rule Read(string policy)
    {
        LoadResult loaded = Load(policy);
        Assert.Empty(loaded.Problems);
        return Assert.Single(loaded.Snapshot!.Rules);
    }

    private static List<string> Problems(string policy)
    {
        LoadResult loaded = Load(policy);
        Assert.Null(loaded.Snapshot);
        return [.. loaded.Problems.Select(problem => problem.ToString())];
    }

    private static LoadResult Load(string policy) => ConfigLoader.Load([new ConfigSource("policy.yaml", policy)], new AdapterCatalog([]));
}
