using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using FastMixer.Adapters.Tests.Support;
using FastMixer.EndToEnd.Tests.Support;

namespace FastMixer.Adapters.Tests.Statsd;

/// <summary>
/// What the daemon of the npm package <c>statsd</c> makes of what is sent to it. Install it by <c>npm install --prefix artifacts/npm statsd@0.9.0</c>;
/// without it the test is skipped.
/// </summary>
public sealed class RealDaemonTests
{
    // Tells the counters of each flush, an object a line.
    private const string Backend =
        "exports.init = (started, config, events) => {"
        + " events.on('flush', (time, metrics) => console.log(JSON.stringify(metrics.counters))); return true; };";

    [Fact]
    public async Task Daemon_CountsWhatWasReported_ToTheLast()
    {
        const int Requests = 5_000;
        string? daemon = FindDaemon();
        Assert.SkipWhen(daemon is null, "The npm package statsd is not in artifacts/npm.");
        int port = FreePort();
        string folder = Directory.CreateTempSubdirectory("fastmixer-statsd").FullName;
        string config = Path.Combine(folder, "config.js");
        string backend = Path.Combine(folder, "backend.js");
        await System.IO.File.WriteAllTextAsync(backend, Backend);
        await System.IO.File.WriteAllTextAsync(
            config, $"{{port: {port}, mgmt_port: {FreePort()}, address: '127.0.0.1', flushInterval: 200, backends: ['{backend}']}}");
        using Process process = Process.Start(new ProcessStartInfo("node", [daemon!, config])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetDirectoryName(daemon)!,
        })!;
        try
        {
            var flushes = new Flushes(process.StandardOutput);
            await Eventually.TrueAsync(() => flushes.Any);
            await using ReportedPolicy policy = ReportedPolicy.Start(
                "statsd",
                $"address: '127.0.0.1:{port}', flush_duration: 20ms, metrics: {{size: {{type: COUNTER, name_template: 'size.{{{{.path}}}}'}}, time: {{type: DISTRIBUTION}}}}",
                ("size", "metric", "value: request.size | 0, dimensions: {path: request.path | \"\"}"),
                ("time", "metric", "value: response.duration"));

            policy.Report([.. Enumerable.Range(0, Requests).Select(i => StatsdTests.Request(i % 2 == 0 ? "a" : "b", i % 2 == 0 ? 1 : 3, 1_000_000))]);
            await policy.SettledAsync(delivered: 2 * Requests);

            await Eventually.TrueAsync(() => flushes.Counter("size.a") == Requests / 2 && flushes.Counter("size.b") == 3 * Requests / 2);
            Assert.Equal(0, flushes.Counter("statsd.bad_lines_seen"));
        }
        finally
        {
            process.Kill();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string? FindDaemon()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string script = Path.Combine(folder.FullName, "artifacts", "npm", "node_modules", "statsd", "stats.js");
            if (System.IO.File.Exists(script))
            {
                return script;
            }
        }

        return null;
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>The counters that the daemon tells at each flush, summed up.</summary>
    private sealed class Flushes
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<string, double> _counters = new(StringComparer.Ordinal);

        public Flushes(StreamReader output) => _ = ReadAsync(output);

        public bool Any
        {
            get
            {
                lock (_gate)
                {
                    return _counters.Count > 0;
                }
            }
        }

        public double Counter(string name)
        {
            lock (_gate)
            {
                return _counters.GetValueOrDefault(name);
            }
        }

        private async Task ReadAsync(StreamReader output)
        {
            while (await output.ReadLineAsync() is { } line)
            {
                if (line.StartsWith('{'))
                {
                    Add(JsonDocument.Parse(line).RootElement);
                }
            }
        }

        private void Add(JsonElement counters)
        {
            lock (_gate)
            {
                foreach (JsonProperty counter in counters.EnumerateObject())
                {
                    _counters[counter.Name] = _counters.GetValueOrDefault(counter.Name) + counter.Value.GetDouble();
                }
            }
        }
    }
}
