using System.Globalization;
using System.Text.Json;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Protocol.Addresses;

namespace FastMixer.EndToEnd.Tests;

/// <summary>The command as its users run it: as a process.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fastmixer").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Serve_PrintsItsAddressesThenReady_AnswersChecks_AndEndsBySignal()
    {
        await using RunningCommand serve = RunningCommand.Start("serve", "--listen", "tcp://127.0.0.1:0", "--admin", "http://127.0.0.1:0");
        string address = await serve.ReadLineAsync();
        Assert.StartsWith("tcp://127.0.0.1:", address, StringComparison.Ordinal);
        Assert.Equal("ready", await serve.ReadLineAsync());

        CommandResult allowed = await RunningCommand.RunAsync("check", "--server", address, "-a", "request.path=/books");
        CommandResult denied = await RunningCommand.RunAsync("check", "--server", address, "-a", "request.path=/admin");
        CommandResult taken = await RunningCommand.RunAsync("serve", "--listen", address, "--admin", "none");
        serve.Terminate();
        CommandResult ended = await serve.EndAsync();
        CommandResult unreachable = await RunningCommand.RunAsync("check", "--server", address, "--timeout", "1s", "-a", "request.path=/books");

        Assert.True(allowed.ExitCode == 0, $"{allowed}");
        Assert.True(denied.ExitCode == 1, $"{denied}");
        Assert.Contains("PERMISSION_DENIED", denied.Output, StringComparison.Ordinal);
        Assert.True(taken.ExitCode == 2, $"{taken}");
        Assert.Contains(address, taken.Error, StringComparison.Ordinal);
        Assert.True(ended.ExitCode == 0, $"{ended}");
        Assert.Contains("Admin pages are at http://127.0.0.1:", ended.Error, StringComparison.Ordinal);
        Assert.True(unreachable.ExitCode == 2, $"{unreachable}");
        Assert.NotEmpty(unreachable.Error);
    }

    [Fact]
    public async Task Serve_WithATakenAdminAddress_SaysSoAndStartsNothing()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();

        CommandResult result = await RunningCommand.RunAsync("serve", "--listen", "tcp://127.0.0.1:0", "--admin", $"http://{taken.LocalEndpoint}");

        Assert.True(result.ExitCode == 2, $"{result}");
        Assert.Contains($"Cannot listen at http://{taken.LocalEndpoint}/", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("ready", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_WithABadPolicy_SaysWhereAndStartsNothing()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "bad.yaml"),
            "kind: rule\nmetadata: {name: broken}\nspec:\n  match: request.path ==\n  actions: []\n",
            TestContext.Current.CancellationToken);

        CommandResult result = await RunningCommand.RunAsync("serve", "--config", _folder, "--listen", "tcp://127.0.0.1:0");

        Assert.True(result.ExitCode == 2, $"{result}");
        Assert.Matches(@"bad\.yaml:4:\d+", result.Error);
        Assert.DoesNotContain("ready", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--watch", "1us", "--watch: expected a duration such as 5s, 0s, or from 10ms to 1h; found '1us'")]
    [InlineData("--drain", "2h", "--drain: expected a duration such as 5s, from 0s to 1h; found '2h'")]
    [InlineData("--overload-target", "5", "--overload-target: expected a duration such as 5s, 0s, or from 1ms to 1h; found '5'")]
    [InlineData("--overload-interval", "2ms", "--overload-interval: expected at least the target of 20ms, found 2ms")]
    [InlineData("--admin", "127.0.0.1:80", "--admin: expected http://host:port or none, such as http://127.0.0.1:9901; found '127.0.0.1:80'")]
    public async Task Serve_WithAValueOutOfRange_SaysWhichIsRight(string option, string value, string problem)
    {
        CommandResult result = await RunningCommand.RunAsync("serve", option, value, "--listen", "tcp://127.0.0.1:0");

        Assert.True(result.ExitCode == 2, $"{result}");
        Assert.Contains(problem, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_OfALog_CountsEachLine()
    {
        await using TestServer server = TestServer.Start();
        string log = Path.Combine(_folder, "access.log");
        await File.WriteAllLinesAsync(
            log,
            Enumerable.Range(0, 1_000).Select(i => string.Create(
                CultureInfo.InvariantCulture,
                $"10.0.0.{i % 200} - - [22/Jan/2019:03:56:{i % 60:00} +0330] \"GET {(i % 10 == 0 ? "/admin/" : "/books/")}{i} HTTP/1.1\" 200 {i} \"-\" \"test\"")),
            TestContext.Current.CancellationToken);

        CommandResult result = await RunningCommand.RunAsync(
            "replay", log, "--server", server.Address(Transport.Tcp).ToString(), "--connections", "2", "--output", "json");

        Assert.True(result.ExitCode == 0, $"{result}");
        JsonElement summary = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(1_000, summary.GetProperty("lines").GetProperty("read").GetInt32());
        Assert.Equal(0, summary.GetProperty("lines").GetProperty("notParsed").GetInt32());
        Assert.Equal(1_000, summary.GetProperty("checks").GetProperty("answered").GetInt32());
        Assert.Contains("100", summary.GetProperty("checks").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1_000, summary.GetProperty("reports").GetProperty("accepted").GetInt32());
        await Eventually.TrueAsync(() => server.Engine.Counters.RecordsDelivered == 1_000);
        Assert.Equal(1_000, server.Engine.Counters.RecordsAccepted);
    }
}
