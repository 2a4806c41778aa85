using FastMixer.LoadTest.Experiments;
using FastMixer.LoadTest.Processes;

namespace FastMixer.LoadTest.Fleet;

/// <summary>One server of a fleet, which may end and be started again where it was. Any thread may call any member.</summary>
/// <param name="setup">Where it is found, and where it runs.</param>
/// <param name="policy">The name of its policy's folder.</param>
/// <param name="options">Further options of its command line.</param>
/// <param name="port">Where it listens.</param>
/// <param name="adminPort">Where its admin pages are.</param>
/// <param name="cancellation">Ends the wait for a start.</param>
internal sealed class FleetMember(
    ExperimentSetup setup, string policy, IReadOnlyList<string> options, int port, int adminPort, CancellationToken cancellation) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly HttpClient _http = new() { BaseAddress = new Uri($"http://127.0.0.1:{adminPort}/"), Timeout = TimeSpan.FromSeconds(5) };
    private ChildServer? _process;
    private MemberCounts _ended;
    private MemberCounts _latest;
    private long _lines;

    /// <summary>Where it listens.</summary>
    public string Address => $"tcp://127.0.0.1:{port}";

    /// <summary>Where it listens, as a port of the loopback.</summary>
    public int Port => port;

    /// <summary>Its process; null while there is none.</summary>
    public int? ProcessId => _process?.ProcessId;

    /// <summary>Lines that its processes have written since they were ready: a record each, with the policy for it. All of them once they have ended.</summary>
    public long Lines
    {
        get
        {
            lock (_lock)
            {
                return _lines + (_process?.Lines ?? 0);
            }
        }
    }

    /// <summary>Starts it, and waits until it is ready.</summary>
    public void Start()
    {
        string[] own = ["--listen", Address, "--admin", $"http://127.0.0.1:{adminPort}/", .. options];
        var process = FastMixerProcess.Start(setup, FastMixerProcess.FolderOf(setup, policy), own, cancellation);
        lock (_lock)
        {
            _process = process;
        }
    }

    /// <summary>Ends it, and waits until it is gone and all of its output is there.</summary>
    /// <param name="kill">Whether by SIGKILL; else it is drained by SIGTERM.</param>
    public void Stop(bool kill)
    {
        if (_process is not { } process)
        {
            return;
        }

        Read();
        process.Stop(kill);
        lock (_lock)
        {
            _process = null;
            _ended += _latest;
            _latest = default;
            _lines += process.Lines;
        }

        process.Dispose();
    }

    /// <summary>What its processes have counted, all together: as of just before its end for one that has ended.</summary>
    public MemberCounts Read()
    {
        lock (_lock)
        {
            if (_process is not null && ReadPage() is { } page)
            {
                _latest = MemberCounts.Of(new MetricsText(page));
            }

            return _ended + _latest;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process?.Dispose();
        _http.Dispose();
    }

    // One that is about to end has no pages any more, or does not answer in time.
    private string? ReadPage()
    {
        try
        {
            return _http.GetStringAsync(new Uri("metrics", UriKind.Relative), cancellation).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }
}
