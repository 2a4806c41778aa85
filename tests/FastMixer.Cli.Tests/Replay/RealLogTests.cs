using System.Text.Json;
using FastMixer.Cli.Replay;
using FastMixer.Cli.Tests.Support;

namespace FastMixer.Cli.Tests.Replay;

public sealed class RealLogTests
{
    private static readonly string? Log = Find();

    [Fact]
    public async Task ReadAndParse_RealLog_TakesEveryLine()
    {
        Assert.SkipWhen(Log is null, "shared/data/access.log.gz is not beside the repository.");
        await using Stream source = AccessLogReader.Open(Log);
        int parsed = 0;
        var broken = new List<string>();
        await foreach (LogLine line in new AccessLogReader(source, Log).ReadLinesAsync(TestContext.Current.CancellationToken))
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
        Assert.SkipWhen(Log is null, "shared/data/access.log.gz is not beside the repository.");
        await using var server = new ScriptedServer { RefusedRecords = 1 };
        CommandRun run = await CommandRun.OfAsync(
            "replay", Log, "--server", server.Address, "--limit", "3000", "--timeout", "30s", "--output", "json");
        Assert.True(run.ExitCode is 0 or 1, run.Error);
        using JsonDocument summary = JsonDocument.Parse(run.Output);
        Assert.Equal(3000, summary.RootElement.GetProperty("checks").GetProperty("answered").GetInt64());
        JsonElement reports = summary.RootElement.GetProperty("reports");
        Assert.Equal(server.Records, reports.GetProperty("accepted").GetInt64());
        Assert.Equal(3000, reports.GetProperty("accepted").GetInt64() + reports.GetProperty("undelivered").GetInt64());
    }

    // The data lies beside the main working tree; a linked one names that in its .git file.
    private static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string git = Path.Combine(folder.FullName, ".git");
            string? tree = Directory.Exists(git) ? folder.FullName
                : File.Exists(git) ? File.ReadAllText(git).Trim()["gitdir: ".Length..].Split("/.git/")[0]
                : null;
            if (tree is not null)
            {
                string log = Path.GetFullPath(Path.Combine(tree, "../shared/data/access.log.gz"));
                return File.Exists(log) ? log : null;
            }
        }

        return null;
    }
}
