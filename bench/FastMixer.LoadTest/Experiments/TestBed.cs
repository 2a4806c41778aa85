using FastMixer.LoadTest.Backend;
using FastMixer.LoadTest.Dialects;
using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Processes;
using FastMixer.LoadTest.Report;
using FastMixer.LoadTest.Reports;
using FastMixer.LoadTest.Transport;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Experiments;

/// <summary>The processes that an experiment has started, in the order of their start; ends them in reverse.</summary>
internal sealed class TestBed(ExperimentSetup setup, CancellationToken cancellation) : IDisposable
{
    private readonly Stack<IDisposable> _owned = new();
    private readonly Dictionary<string, int?> _placed = [];

    /// <summary>Where the processes run, and how busy the machine was before.</summary>
    public string Placement =>
        Describe([.. _placed.Select(static process => (process.Key, process.Value))]);

    /// <summary>Where processes run, and how busy the machine was before.</summary>
    /// <param name="processes">Their names, and their process ids where known.</param>
    public static string Describe(IReadOnlyList<(string Name, int? ProcessId)> processes) =>
        Processes.Placement.Describe(processes)
        + (MachineLoad.AtStart is { } load ? FormattableString.Invariant($"; load average before {load:0.0#}") : "");

    /// <summary>Starts a server with a policy.</summary>
    public ChildServer StartFastMixer(string policy) => Own("fastmixer", FastMixerProcess.Start(setup, policy, cancellation));

    /// <summary>Starts a server that reports are sent to; it belongs to the caller, who may start it again.</summary>
    /// <param name="policy">Its policy.</param>
    /// <param name="policyPort">The port in the policy, in whose place a free one is used.</param>
    public ReportedServer StartReported(string policy, int policyPort)
    {
        var server = new ReportedServer(setup, policy, policyPort, cancellation);
        _placed["fastmixer"] = server.Process.ProcessId;
        return server;
    }

    /// <summary>Starts a backend.</summary>
    /// <param name="name">What reports call it.</param>
    /// <param name="options">How it behaves.</param>
    public BackendProcess StartBackend(string name, BackendOptions options)
    {
        var backend = BackendProcess.Start(options, setup.Pin?.BackendCpu, cancellation);
        Own(name, backend.Process);
        return backend;
    }

    /// <summary>A side: a server and the checks that it gets.</summary>
    /// <param name="name">What reports call it.</param>
    /// <param name="process">The server.</param>
    /// <param name="keys">How the checks differ.</param>
    /// <param name="patience">The patience that checks carry, or null.</param>
    public static Contestant FastMixerSide(string name, ChildServer process, KeySource keys, TimeSpan? patience = null)
    {
        var address = ServerAddress.Parse(process.Address("tcp"));
        var check = new CheckTemplate(Resource.Text("default-check.json"), varied: true, address.Framed, patience);
        return new Contestant(name, new Target(address, FastMixerDialect.Instance, check, keys, process.ProcessId), process);
    }

    /// <summary>Starts a floor for the bytes of a side.</summary>
    /// <param name="side">The side that it lies below.</param>
    /// <param name="answerBytes">Bytes of its answers.</param>
    public Contestant StartFloor(Contestant side, int answerBytes)
    {
        var floor = Own("floor", FloorProcess.Start(side.Target.Address, side.Target.Requests.Length, answerBytes, setup.Pin?.ServerCpu, cancellation));
        return FloorProcess.Contestant(floor, side.Target);
    }

    /// <summary>Starts a server that speaks the Redis protocol, and stores what it will be asked for.</summary>
    /// <param name="name">What reports call it.</param>
    /// <param name="start">Starts it.</param>
    /// <param name="gets">What it will be asked.</param>
    /// <param name="valueBytes">Bytes of each value.</param>
    /// <param name="keys">How many keys.</param>
    public Contestant StartRedis(
        string name, Func<int?, CancellationToken, (ChildServer Process, ServerAddress Address)> start, RedisGet gets, int valueBytes, int keys)
    {
        var (process, address) = start(setup.Pin?.ServerCpu, cancellation);
        Own(name, process);
        RedisFill.Run(address, gets, valueBytes, keys);
        return new Contestant(name, new Target(address, RedisDialect.Instance, gets, KeySource.Repeated(keys), process.ProcessId), process);
    }

    /// <summary>Measures sides in turns.</summary>
    public IReadOnlyList<Side> Measure(IReadOnlyList<Contestant> contestants, RoundSettings load) =>
        AlternatingRounds.Run(contestants, load, new ProgressLine(), cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_owned.TryPop(out var process))
        {
            process.Dispose();
        }
    }

    private ChildServer Own(string name, ChildServer process)
    {
        _owned.Push(process);
        _placed[name] = process.ProcessId;
        return process;
    }
}
