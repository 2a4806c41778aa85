using System.Text.Json;
using FastMixer.Cli.Replay;
using FastMixer.Cli.Tests.Support;
using FastMixer.EndToEnd.Tests.Support;

namespace FastMixer.Cli.Tests.Replay;

public sealed class RealLogTests
{
    [Fact]
    public async Task ReadAndParse_RealLog_TakesEveryLine()
    {
        string log = AccessLog.Require();
        await using Stream source = AccessLogReader.Open(log);
        int parsed = 0;
        var broken = new List<string>();
        await foreach (LogLine line in new AccessLogReader(source, log).ReadLinesAsync(TestContext.Current.CancellationToken))
        {
            if (AccessLogParser.TryParse(line, AccessLogFormat.Combined, out _, out string? why))
            {
                parsed++;
            }
            else
            {
                broken.Add($"{line.Number}: {why}");
            }
        }

        Assert.Empty(broken);
        Assert.Equal(10_000, parsed);
    }

    [Fact]
    public async Task Replay_RealLog_IsAnsweredLineByLine()
    {
        string log = AccessLog.Require();
        await using var server = new ScriptedServer { RefusedRecords = 1 };
        CommandRun run = await CommandRun.OfAsync(
            "replay", log, "--server", server.Address, "--limit", "3000", "--timeout", "30s", "--output", "json");
        Assert.True(run.ExitCode is 0 or 1, run.Error);
        using JsonDocument summary = JsonDocument.Parse(run.Output);
        Assert.Equal(3000, summary.RootElement.GetProperty("checks").GetProperty("answered").GetInt64());
        JsonElement reports = summary.RootElement.GetProperty("reports");
        Assert.Equal(server.Records, reports.GetProperty("accepted").GetInt64());
        Assert.Equal(3000, reports.GetProperty("accepted").GetInt64() + reports.GetProperty("undelivered").GetInt64());
    }
}
