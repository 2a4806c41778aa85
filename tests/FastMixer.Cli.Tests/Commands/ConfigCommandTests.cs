using System.Text.Json;
using FastMixer.Cli.Tests.Support;

namespace FastMixer.Cli.Tests.Commands;

public sealed class ConfigCommandTests
{
    private const string Policy = """
        kind: handler
        metadata: {name: users}
        spec: {compiledAdapter: listchecker, params: {overrides: [jane]}}
        ---
        kind: instance
        metadata: {name: user}
        spec: {compiledTemplate: listentry, params: {value: source.user | "nobody"}}
        ---
        kind: rule
        metadata: {name: admin}
        spec:
          match: request.path.startsWith("/admin") && (source.user | "") != "root"
          actions: [{handler: users, instances: [user]}]
        ---
        kind: rule
        metadata: {name: broken}
        spec:
          match: source.name == "x"
          actions: [{handler: users, instances: [user]}]

        """;

    [Fact]
    public async Task Validate_OfAValidPolicy_SaysWhatIsInIt()
    {
        using var folder = new TemporaryFolder(("policy.yaml", Policy));

        CommandRun run = await CommandRun.OfAsync("config", "validate", folder.Path);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Matches("^valid: 2 rules, 1 handler, 0 warnings; digest [0-9a-f]{16}$", run.Output.TrimEnd());
    }

    [Fact]
    public async Task Validate_OfAnInvalidPolicy_ShowsEveryProblemWithItsPlace()
    {
        using var folder = new TemporaryFolder(
            ("policy.yaml", Policy.Replace("source.name ==", "source.nam ==", StringComparison.Ordinal)), ("unused.yaml", """
            kind: handler
            metadata: {name: idle}
            spec: {compiledAdapter: noop}
            """));

        CommandRun text = await CommandRun.OfAsync("config", "validate", folder.Path);
        CommandRun json = await CommandRun.OfAsync("config", "validate", folder.Path, "--output", "json");

        Assert.Equal(1, text.ExitCode);
        Assert.StartsWith(
            $"{folder.Path}/policy.yaml:18:10: error: Unknown attribute \"source.nam\". Did you mean \"source.name\"?", text.Output, StringComparison.Ordinal);
        Assert.Contains($"{folder.Path}/unused.yaml:1:1: warning: No rule uses the handler \"idle.handler.istio-system\".", text.Output, StringComparison.Ordinal);
        Assert.EndsWith("not valid: 1 error, 1 warning", text.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(1, json.ExitCode);
        JsonElement root = JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal((false, 1, 1), (root.GetProperty("valid").GetBoolean(), root.GetProperty("errors").GetInt32(), root.GetProperty("warnings").GetInt32()));
        JsonElement problem = root.GetProperty("problems")[0];
        Assert.Equal(
            ("error", 18, 10, $"{folder.Path}/policy.yaml"),
            (problem.GetProperty("severity").GetString(), problem.GetProperty("line").GetInt32(), problem.GetProperty("column").GetInt32(), problem.GetProperty("file").GetString()));
    }

    [Fact]
    public async Task Validate_OfAFolderThatIsNotThere_IsNotValid()
    {
        CommandRun run = await CommandRun.OfAsync("config", "validate", "/no/such/folder");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("/no/such/folder: error: There is no such folder.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_ShowsTheCandidatesTheirPartsAndWhatTheVerdictDependsOn()
    {
        using var folder = new TemporaryFolder(("policy.yaml", Policy));

        CommandRun run = await CommandRun.OfAsync("config", "explain", folder.Path, "-a", "request.path=/admin/x");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        string[] lines = [.. run.Output.Split(Environment.NewLine).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
        Assert.Contains("admin.rule.istio-system matches", lines);
        Assert.Contains("request.path.startsWith(\"/admin\") && source.user | \"\" != \"root\" true", lines);
        Assert.Contains("request.path \"/admin/x\"", lines);
        Assert.Contains("source.user absent", lines);
        Assert.Contains("-> users.handler.istio-system gets user.instance.istio-system", lines);
        Assert.Contains("value = \"nobody\"", lines);
        Assert.Contains("broken.rule.istio-system cannot be evaluated", lines);
        Assert.Contains("2 check rules for this request's namespace; 2 could match; 1 do", lines);
        Assert.Equal(
            ["the verdict depends on request.path (exact)", "source.name (absence)", "source.user (absence)"], lines.TakeLast(4).SkipLast(1));
    }

    [Fact]
    public async Task Explain_ForPrograms_SaysWhatWasSkipped()
    {
        using var folder = new TemporaryFolder(("policy.yaml", Policy));

        CommandRun run = await CommandRun.OfAsync("config", "explain", folder.Path, "-a", "request.path=/", "-a", "source.name=x", "--output", "json");

        JsonElement admin = JsonDocument.Parse(run.Output).RootElement.GetProperty("candidates")[0];
        Assert.False(admin.GetProperty("matches").GetBoolean());
        Assert.Equal(
            ["value", "skipped"], admin.GetProperty("trace").GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("outcome").GetString()));
        JsonElement broken = JsonDocument.Parse(run.Output).RootElement.GetProperty("candidates")[1];
        Assert.Equal("nobody", broken.GetProperty("actions")[0].GetProperty("fields").GetProperty("value").GetString());
    }

    [Fact]
    public async Task Explain_SaysWhereAPolicyAddsAttributesThatItDidNotAdd()
    {
        using var folder = new TemporaryFolder(("policy.yaml", """
            kind: handler
            metadata: {name: pods}
            spec: {compiledAdapter: kubernetestable}
            ---
            kind: kubernetes
            metadata: {name: attributes}
            spec: {source_uid: source.uid | "", attribute_bindings: {source.namespace: $out.source_namespace | ""}}
            ---
            kind: rule
            metadata: {name: generate}
            spec: {actions: [{handler: pods, instances: [attributes.kubernetes]}]}
            """));

        CommandRun text = await CommandRun.OfAsync("config", "explain", folder.Path);
        CommandRun json = await CommandRun.OfAsync("config", "explain", folder.Path, "--output", "json");

        Assert.Contains("this policy adds attributes to requests", text.Output, StringComparison.Ordinal);
        Assert.True(JsonDocument.Parse(json.Output).RootElement.GetProperty("addsAttributes").GetBoolean());
    }

    [Fact]
    public async Task Explain_OfAnInvalidPolicy_IsAnError()
    {
        using var folder = new TemporaryFolder(("policy.yaml", "kind: rul\nmetadata: {name: x}\n"));

        CommandRun run = await CommandRun.OfAsync("config", "explain", folder.Path);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("policy.yaml:1:7: error: Unknown kind 'rul'", run.Error, StringComparison.Ordinal);
    }
}
