using System.Globalization;
using FastMixer.LoadTest.Experiments;
using FastMixer.LoadTest.Processes;
using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest.Reports;

/// <summary>A server that reports are sent to, with a policy of the experiments whose fixed port is exchanged for a free one. It can be started again.</summary>
internal sealed class ReportedServer : IDisposable
{
    private const string AdminScheme = "http://127.0.0.1:";

    private readonly ExperimentSetup _setup;
    private readonly string _folder;
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly int _adminPort;

    /// <summary>Starts it.</summary>
    /// <param name="setup">Where it is found, and where it runs.</param>
    /// <param name="policy">The name of the policy.</param>
    /// <param name="policyPort">The port that the policy has.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public ReportedServer(ExperimentSetup setup, string policy, int policyPort, CancellationToken cancellation)
    {
        _setup = setup;
        var source = FastMixerProcess.FolderOf(setup, policy);
        var ports = FreePorts.Find(3);
        (Port, _adminPort) = (ports[0], ports[1]);
        Address = ServerAddress.Parse($"tcp://127.0.0.1:{Number(ports[2])}");
        _folder = Directory.CreateTempSubdirectory("fastmixer-loadtest-").FullName;
        try
        {
            CopyPolicy(source, policyPort);
            Process = StartProcess(cancellation);
        }
        catch
        {
            Directory.Delete(_folder, recursive: true);
            throw;
        }
    }

    /// <summary>The port that took the place of the policy's.</summary>
    public int Port { get; }

    /// <summary>Where reports go.</summary>
    public ServerAddress Address { get; }

    /// <summary>Its process.</summary>
    public ChildServer Process { get; private set; }

    /// <summary>Stops it as an operator does; returns when it has drained.</summary>
    public void Stop() => Process.Dispose();

    /// <summary>Starts it again, at the same addresses.</summary>
    public void Start(CancellationToken cancellation) => Process = StartProcess(cancellation);

    /// <summary>Reads its metrics.</summary>
    public MetricsText ReadMetrics()
    {
        try
        {
            return new MetricsText(_client.GetStringAsync(new Uri($"{AdminScheme}{Number(_adminPort)}/metrics")).GetAwaiter().GetResult());
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            throw new LoadTestException(Process.Ending() ?? $"the server's metrics cannot be read: {e.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Process.Dispose();
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void CopyPolicy(string source, int policyPort)
    {
        foreach (var file in Directory.EnumerateFiles(source))
        {
            var text = File.ReadAllText(file);
            File.WriteAllText(Path.Combine(_folder, Path.GetFileName(file)), text.Replace(Number(policyPort), Number(Port), StringComparison.Ordinal));
        }
    }

    private ChildServer StartProcess(CancellationToken cancellation) =>
        FastMixerProcess.Start(_setup, _folder, ["--listen", Address.Text, "--admin", $"{AdminScheme}{Number(_adminPort)}"], cancellation);

    private static string Number(int port) => port.ToString(CultureInfo.InvariantCulture);
}
