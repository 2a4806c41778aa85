using FastMixer.Cli.Tests.Support;

namespace FastMixer.Cli.Tests.Commands;

public sealed class EvalCommandTests
{
    [Theory]
    [InlineData("1 + 2", """{"type":"INT64","value":3,"referenced":[]}""")]
    [InlineData("9007199254740993 + 0", """{"type":"INT64","value":9007199254740993,"referenced":[]}""")]
    [InlineData("1.5", """{"type":"DOUBLE","value":1.5,"referenced":[]}""")]
    [InlineData("true", """{"type":"BOOL","value":true,"referenced":[]}""")]
    [InlineData("\"a\" + \"b\"", """{"type":"STRING","value":"ab","referenced":[]}""")]
    [InlineData("\"20ms\"", """{"type":"DURATION","value":"20ms","referenced":[]}""")]
    [InlineData("ip(\"2001:db8::1\")", """{"type":"IP_ADDRESS","value":"2001:db8::1","referenced":[]}""")]
    [InlineData("timestamp(\"2015-01-02T16:04:35.5+01:00\")", """{"type":"TIMESTAMP","value":"2015-01-02T15:04:35.5Z","referenced":[]}""")]
    [InlineData("request.headers", """{"type":"STRING_MAP","value":{"a":"1","b":"2"},"referenced":[{"name":"request.headers","condition":"EXACT"}]}""")]
    [InlineData("source.user | \"x\"", """{"type":"STRING","value":"x","referenced":[{"name":"source.user","condition":"ABSENCE"}]}""")]
    [InlineData("request.headers[\"a\"]", """{"type":"STRING","value":"1","referenced":[{"name":"request.headers","key":"a","condition":"EXACT"}]}""")]
    [InlineData("request.headers[\"c\"]", """{"type":"STRING","value":"","referenced":[{"name":"request.headers","key":"c","condition":"ABSENCE"}]}""")]
    public async Task Json_OfAValue_HasItsTypeItAndWhatWasLookedUp(string expression, string json)
    {
        CommandRun run = await CommandRun.OfAsync(
            "eval", expression, "-a", "request.headers[b]=2", "-a", "request.headers[a]=1", "--output", "json");

        Assert.Equal((0, json, ""), (run.ExitCode, run.Output.TrimEnd(), run.Error));
    }

    [Theory]
    [InlineData("1 +", 2, "compile", 1, 4)]
    [InlineData("true &&\n  source.usr == \"x\"", 2, "compile", 2, 3)]
    [InlineData("", 2, "compile", 1, 1)]
    [InlineData("true &&\n  source.user == \"x\"", 1, "evaluate", 2, 3)]
    [InlineData("toLower(source.user | source.name)", 1, "evaluate", 1, 23)]
    [InlineData("request.size / 0", 1, "evaluate", 1, 14)]
    public async Task Json_OfAFailure_HasItsStageAndPlace(string expression, int exitCode, string stage, int line, int column)
    {
        CommandRun run = await CommandRun.OfAsync("eval", expression, "-a", "request.size=1", "--output", "json");

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Matches($"^{{\"error\":\".+\",\"stage\":\"{stage}\",\"line\":{line},\"column\":{column}}}\\s*$", run.Output);
    }

    [Fact]
    public async Task Text_OfAValue_ShowsWhatItDependsOn()
    {
        CommandRun run = await CommandRun.OfAsync("eval", "source.user | source.name", "-a", "source.name=jane");

        Assert.Equal(
            ["STRING \"jane\"", "  depends on   source.name (exact)", "               source.user (absence)"], run.Output.TrimEnd().Split(Environment.NewLine));
    }

    [Fact]
    public async Task Text_OfAFailure_MarksThePlace()
    {
        CommandRun run = await CommandRun.OfAsync("eval", "source.usr == \"x\"");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
            ["does not compile, 1:1: Unknown attribute \"source.usr\". Did you mean \"source.user\"?", "  source.usr == \"x\"", "  ^"],
            run.Output.TrimEnd().Split(Environment.NewLine));
    }

    [Fact]
    public async Task Config_AddsTheAttributesThatItDeclares()
    {
        using var folder = new TemporaryFolder(("manifest.yaml", """
            kind: attributemanifest
            metadata: {name: billing}
            spec: {attributes: {billing.amount: {valueType: INT64}}}
            """));

        CommandRun run = await CommandRun.OfAsync("eval", "billing.amount + 1", "--config", folder.Path, "-a", "billing.amount=7");
        CommandRun wrong = await CommandRun.OfAsync("eval", "billing.amount", "--config", folder.Path, "-a", "billing.amount=much");

        Assert.Equal((0, "INT64 8"), (run.ExitCode, run.Output.Split(Environment.NewLine)[0]));
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("billing.amount is an INT64; expected an integer, found 'much'", wrong.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no such folder", "eval", "1", "--config", "/no/such/folder")]
    [InlineData("cannot be read", "eval", "1", "--attributes", "/no/such.json")]
    [InlineData("found 'big'", "eval", "1", "-a", "request.size=big")]
    [InlineData("argument missing", "eval")]
    public async Task WrongInput_IsAnError(string problem, params string[] args)
    {
        CommandRun run = await CommandRun.OfAsync(args);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(problem, run.Error, StringComparison.OrdinalIgnoreCase);
    }
}
