using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace FastMixer.Adapters.Tests.Prometheus;

/// <summary>A Prometheus server that scrapes one address every 200 ms, with its data in a folder that goes with it.</summary>
internal sealed class RunningPrometheus : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;
    private readonly HttpClient _client;

    private RunningPrometheus(Process process, string folder, int port)
    {
        _process = process;
        _folder = folder;
        _client = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}") };
    }

    public static async Task<RunningPrometheus> StartAsync(Tool tool, int scraped)
    {
        string folder = Directory.CreateTempSubdirectory("prometheus-").FullName;
        string config = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(config, $$"""
            global: {scrape_interval: 200ms, scrape_timeout: 200ms}
            scrape_configs:
            - job_name: fastmixer
              static_configs: [{targets: ["localhost:{{scraped}}"]}]
            """);
        int port = FreePort.Find();
        Process process = tool.Start(
            "--config.file=" + config, "--storage.tsdb.path=" + Path.Combine(folder, "data"), $"--web.listen-address=localhost:{port}", "--log.level=error");
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new RunningPrometheus(process, folder, port);
    }

    /// <summary>Asks until the answer is as expected, or for a minute.</summary>
    /// <returns>The last answer.</returns>
    public async Task<double> QueryAsync(string query, double expected)
    {
        double answer = double.NaN;
        for (int i = 0; i < 300 && answer != expected; i++)
        {
            answer = await TryQueryAsync(query);
            await Task.Delay(200);
        }

        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<double> TryQueryAsync(string query)
    {
        try
        {
            string text = await _client.GetStringAsync("/api/v1/query?query=" + Uri.EscapeDataString(query));
            using JsonDocument answer = JsonDocument.Parse(text);
            JsonElement result = answer.RootElement.GetProperty("data").GetProperty("result");
            return result.GetArrayLength() == 1
                ? double.Parse(result[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture)
                : double.NaN;
        }
        catch (HttpRequestException)
        {
            // It does not listen yet.
            return double.NaN;
        }
    }
}
