using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using FastMixer.EndToEnd.Tests.Support;

namespace FastMixer.EndToEnd.Tests;

/// <summary>A real access log, replayed into a server with the mesh's standard metrics: the scrape counts what the log says.</summary>
public sealed partial class ReplayedTelemetryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fastmixer").FullName;
    private readonly int _port = FreePort();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Replay_OfARealLog_IsScrapedAsManyRequestsOfEachCodeAsTheLogHas()
    {
        string log = AccessLog.Require();
        Dictionary<string, long> expected = AccessLog.CountStatuses(log);
        await WritePolicyAsync();
        await using RunningCommand serve = RunningCommand.Start("serve", "--config", _folder, "--listen", "tcp://127.0.0.1:0", "--admin", "none");
        string address = await serve.ReadLineAsync();

        CommandResult replayed = await RunningCommand.RunAsync("replay", log, "--server", address, "--output", "json");

        Assert.True(replayed.ExitCode is 0 or 1, $"{replayed}");
        Dictionary<string, long> scraped = [];
        await Eventually.TrueAsync(() => (scraped = Scrape()).Values.Sum() == expected.Values.Sum());
        Assert.Equal(expected.OrderBy(code => code.Key), scraped.OrderBy(code => code.Key));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // The sample, scraped at a port of its own.
    private async Task WritePolicyAsync()
    {
        string sample = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "metrics.yaml"), TestContext.Current.CancellationToken);
        const string Params = "  params:\n";
        string address = string.Create(CultureInfo.InvariantCulture, $"    address: \"localhost:{_port}\"\n");
        int place = sample.IndexOf(Params, StringComparison.Ordinal) + Params.Length;
        await File.WriteAllTextAsync(Path.Combine(_folder, "metrics.yaml"), sample.Insert(place, address), TestContext.Current.CancellationToken);
    }

    private Dictionary<string, long> Scrape()
    {
        using var client = new HttpClient();
        string text = client.GetStringAsync(new Uri($"http://localhost:{_port}/metrics")).GetAwaiter().GetResult();
        return RequestsTotal().Matches(text)
            .GroupBy(match => match.Groups[1].Value)
            .ToDictionary(code => code.Key, code => code.Sum(match => long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)));
    }

    [GeneratedRegex("^istio_requests_total\\{.*response_code=\"([0-9]+)\".*\\} ([0-9]+)$", RegexOptions.Multiline)]
    private static partial Regex RequestsTotal();
}
