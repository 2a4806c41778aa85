using System.Globalization;
using System.Text.Json;

namespace FastMixer.LoadTest.Processes;

/// <summary>A Prometheus server that scrapes one address, with its data in a folder that goes with it.</summary>
internal sealed class PrometheusProcess : IDisposable
{
    private const string Executable = "prometheus";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly HttpClient _client;
    private readonly ChildServer _process;

    /// <summary>Starts it.</summary>
    /// <param name="scraped">The port of the loopback that it scrapes.</param>
    /// <param name="interval">How often.</param>
    /// <param name="cpu">The CPU to bind it to, or null.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public PrometheusProcess(int scraped, TimeSpan interval, int? cpu, CancellationToken cancellation)
    {
        if (!IsInstalled)
        {
            throw new LoadTestException($"there is no {Executable}: install it (Debian and Ubuntu: apt-get install prometheus)");
        }

        _folder = Directory.CreateTempSubdirectory("fastmixer-prometheus-").FullName;
        var config = Path.Combine(_folder, "prometheus.yml");
        File.WriteAllText(config, string.Create(CultureInfo.InvariantCulture, $$"""
            global: {scrape_interval: {{interval.TotalMilliseconds}}ms, scrape_timeout: {{interval.TotalMilliseconds}}ms}
            scrape_configs:
            - job_name: fastmixer
              static_configs: [{targets: ["127.0.0.1:{{scraped}}"]}]
            """));
        var port = FreePorts.Find();
        try
        {
            _process = ChildServer.Start(
                "prometheus",
                [
                    Executable, $"--config.file={config}", $"--storage.tsdb.path={Path.Combine(_folder, "data")}",
                    string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{port}"),
                ],
                cpu,
                cancellation,
                readyWords: "Server is ready to receive web requests");
        }
        catch
        {
            Directory.Delete(_folder, recursive: true);
            throw;
        }

        _client = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")) };
    }

    /// <summary>Whether it can be found.</summary>
    public static bool IsInstalled => InstalledPrograms.Has(Executable);

    /// <summary>Waits until a scrape that began after a moment has succeeded.</summary>
    public void WaitForScrape(DateTimeOffset moment, CancellationToken cancellation)
    {
        var deadline = DateTimeOffset.UtcNow + Patience;
        while (!ReadSamples("up", deadline - moment + Patience).Any(series => series.Any(sample => sample.Time > moment && sample.Value == 1)))
        {
            cancellation.WaitHandle.WaitOne(Look);
            cancellation.ThrowIfCancellationRequested();
            if (DateTimeOffset.UtcNow > deadline)
            {
                throw new LoadTestException($"Prometheus did not scrape the server within {Patience.TotalSeconds} s");
            }
        }
    }

    /// <summary>The samples of all series of a metric, as they were scraped, each series in the order of time.</summary>
    /// <param name="metric">Its name.</param>
    /// <param name="range">How far back.</param>
    public IReadOnlyList<IReadOnlyList<Sample>> ReadSamples(string metric, TimeSpan range)
    {
        var query = string.Create(CultureInfo.InvariantCulture, $"/api/v1/query?query={metric}[{Math.Ceiling(range.TotalSeconds)}s]");
        using var answer = JsonDocument.Parse(Read(new Uri(query, UriKind.Relative)));
        return
        [
            .. answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray()
                .Select(static series => series.GetProperty("values").EnumerateArray().Select(Sample.Read).ToArray()),
        ];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Dispose();
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private byte[] Read(Uri query)
    {
        try
        {
            return _client.GetByteArrayAsync(query).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            throw new LoadTestException(_process.Ending() ?? $"Prometheus does not answer: {e.Message}");
        }
    }

    /// <summary>What a scrape found.</summary>
    /// <param name="Time">When it began.</param>
    /// <param name="Value">The value.</param>
    internal readonly record struct Sample(DateTimeOffset Time, double Value)
    {
        /// <summary>Reads a sample as the API writes it: seconds since 1970, and the value as text.</summary>
        public static Sample Read(JsonElement pair) => new(
            DateTimeOffset.UnixEpoch.AddSeconds(pair[0].GetDouble()), double.Parse(pair[1].GetString()!, CultureInfo.InvariantCulture));
    }
}
