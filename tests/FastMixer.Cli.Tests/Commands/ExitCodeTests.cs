using System.Text.Json;
using FastMixer.Cli.Tests.Replay;
using FastMixer.Cli.Tests.Support;

namespace FastMixer.Cli.Tests.Commands;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData("/", 0, "OK")]
    [InlineData("/admin", 1, "PERMISSION_DENIED")]
    public async Task Check_Verdict_DecidesTheExitCode(string path, int code, string status)
    {
        await using var server = new ScriptedServer();
        CommandRun run = await CommandRun.OfAsync("check", "--server", server.Address, "-a", $"request.path={path}", "--output", "json");
        Assert.Equal((code, ""), (run.ExitCode, run.Error));
        using JsonDocument verdict = JsonDocument.Parse(run.Output);
        Assert.Equal(status, verdict.RootElement.GetProperty("status").GetString());
        Assert.False(verdict.RootElement.TryGetProperty("quotas", out _));
    }

    [Fact]
    public async Task Check_FileAndOption_TheOptionWins()
    {
        await using var server = new ScriptedServer();
        using var file = new TemporaryFile("""{"request.path": "/", "request.size": 1}""");
        CommandRun run = await CommandRun.OfAsync(
            "check", "--server", server.Address, "--attributes", file.Path, "-a", "request.path=/admin", "--quota", "requests=2");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("DENIED: PERMISSION_DENIED (7) denyadmin.istio-system:not here", run.Output, StringComparison.Ordinal);
        Assert.Contains("nothing taken", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check", "-a", "request.path=/")]
    [InlineData("check", "-a", "request.path=/", "--output", "json")]
    [InlineData("report", "-a", "response.code=200")]
    public async Task Ask_ServerThatIsNotThere_IsAnError(params string[] args)
    {
        string address = ScriptedServer.Unreachable();
        CommandRun run = await CommandRun.OfAsync([.. args, "--server", address]);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("fastmixer: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected failure", run.Error, StringComparison.Ordinal);
        Assert.Contains(address, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--bogus is unknown", "check", "--bogus")]
    [InlineData("no address", "check", "--server", "foo")]
    [InlineData("from 1ms to 1h; found '3'", "check", "--timeout", "3")]
    [InlineData("--quota =: expected NAME", "check", "--quota", "=")]
    [InlineData("found 'abc'", "check", "-a", "request.size=abc")]
    [InlineData("cannot be read", "report", "--attributes", "/no/such.json")]
    [InlineData("cannot be opened", "replay", "/no/such.log")]
    [InlineData("leave nothing to do", "replay", "x", "--no-check", "--no-report")]
    [InlineData("--depth: expected a number from 1 to 65535, found '0'", "replay", "x", "--depth", "0")]
    [InlineData("", "nonsense")]
    [InlineData("")]
    public async Task Run_WrongCommandLine_IsAnErrorAndNeverADenial(string problem, params string[] args)
    {
        CommandRun run = await CommandRun.OfAsync(args);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(problem.Replace(" is unknown", "", StringComparison.Ordinal), run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Try: fastmixer config validate --help", "config", "validate")]
    [InlineData("Try: fastmixer config --help", "config")]
    [InlineData("Try: fastmixer eval --help", "eval")]
    public async Task Run_WrongCommandLine_SaysWhoseHelpHelps(string line, params string[] args) =>
        Assert.EndsWith(line, (await CommandRun.OfAsync(args)).Error.TrimEnd(), StringComparison.Ordinal);

    [Theory]
    [InlineData("check")]
    [InlineData("report")]
    [InlineData("replay")]
    [InlineData("eval")]
    [InlineData("config validate")]
    [InlineData("config explain")]
    public async Task Help_Command_TeachesByExamples(string command)
    {
        CommandRun run = await CommandRun.OfAsync([.. command.Split(' '), "--help"]);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"  fastmixer {command} ", run.Output[run.Output.IndexOf("Examples:", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Contains("Exit codes:", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, "2 accepted, 0 refused")]
    [InlineData(1, 1, "1 accepted, 1 refused")]
    public async Task Report_Refusals_DecideTheExitCode(int refused, int code, string text)
    {
        await using var server = new ScriptedServer { RefusedRecords = refused };
        using var file = new TemporaryFile("""[{"response.code": 200}, {"response.code": 404}]""");
        CommandRun run = await CommandRun.OfAsync("report", "--server", server.Address, "--attributes", file.Path);
        Assert.Equal(code, run.ExitCode);
        Assert.StartsWith(text, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_Log_AsksAndReportsEachLine()
    {
        await using var server = new ScriptedServer();
        string[] lines = [.. Enumerable.Range(0, 300).Select(i => Lines.Get(i < 30 ? "/admin/x" : $"/{i}")), "junk"];
        using var file = new TemporaryFile(string.Join('\n', lines));
        CommandRun run = await CommandRun.OfAsync(
            "replay", file.Path, "--server", server.Address, "--connections", "2", "--depth", "8", "-a", "source.namespace=shop");
        Assert.True(run.ExitCode == 0, run.Error + run.Output);
        Assert.Contains("Lines: 301 read, 1 not parsed", run.Output, StringComparison.Ordinal);
        Assert.Contains("line 301: column", run.Output, StringComparison.Ordinal);
        Assert.Contains("            30  denyadmin.istio-system", run.Output, StringComparison.Ordinal);
        Assert.Contains("Reports: 300 records accepted", run.Output, StringComparison.Ordinal);
        Assert.Equal(300, server.Records);
    }

    [Fact]
    public async Task Replay_ServerThatIsNotThere_IsAnError()
    {
        using var file = new TemporaryFile(Lines.Good);
        CommandRun run = await CommandRun.OfAsync("replay", file.Path, "--server", ScriptedServer.Unreachable());
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
    }
}
