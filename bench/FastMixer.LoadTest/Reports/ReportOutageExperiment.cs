using System.Diagnostics;
using FastMixer.LoadTest.Experiments;
using FastMixer.LoadTest.Processes;
using FastMixer.LoadTest.Report;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Reports;

/// <summary>
/// What becomes of reports while clients send as many as the server takes and their backend is down: for half of the outage it never answers, then it
/// resets each connection, then it is back. Nothing may grow, and each record must be found again in the sums.
/// </summary>
internal sealed class ReportOutageExperiment
{
    /// <summary>The port in the policy.</summary>
    public const int PolicyPort = 42424;

    private const string Handler = "fluentd.handler.istio-system";

    // Of the outage: as long as this it is up before and after, and is what may fill given to fill.
    private const int Part = 10;
    private const int Samples = 200;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    // Longer than the longest pause after a failure, the time of an attempt, and what is held then takes to be sent.
    private static readonly TimeSpan DrainTime = TimeSpan.FromMinutes(2);

    private readonly ReportedServer _server;
    private readonly ForwardBackend _backend;
    private readonly ReportLoad _load;
    private readonly TimeSpan _outage;
    private readonly CancellationToken _cancellation;
    private readonly ProgressLine _progress = new();
    private readonly MemorySamples _memory = new();

    private ReportOutageExperiment(ReportedServer server, ForwardBackend backend, ReportLoad load, TimeSpan outage, CancellationToken cancellation)
    {
        _server = server;
        _backend = backend;
        _load = load;
        _outage = outage;
        _cancellation = cancellation;
    }

    /// <summary>Runs.</summary>
    /// <param name="setup">What all experiments are told; its depth is that of messages.</param>
    /// <param name="outage">How long the backend is down.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static ReportOutageResult Run(ExperimentSetup setup, TimeSpan outage, CancellationToken cancellation)
    {
        using var bed = new TestBed(setup, cancellation);
        using var server = bed.StartReported(PolicyNames.Logged, PolicyPort);
        using var backend = new ForwardBackend(server.Port);
        var settings = new ReportLoadSettings
        {
            Address = server.Address,
            Templates = new ReportTemplates(),
            Connections = setup.Load.Connections,
            Depth = setup.Load.EffectiveDepth,
        };
        using var load = ReportLoad.Start(settings, ReportSupply.Endless(), cancellation);
        var experiment = new ReportOutageExperiment(server, backend, load, outage, cancellation);
        experiment.Pass();
        load.Dispose();
        experiment.WaitUntilSent();
        var metrics = server.ReadMetrics();
        return new ReportOutageResult(
            setup.Load,
            bed.Placement,
            outage,
            load.Tally,
            ReportCounts.OfRecords(metrics),
            ReportCounts.OfHandler(metrics, Handler),
            experiment._memory,
            backend.Acknowledged,
            backend.Unanswered,
            backend.Resets);
    }

    private void Pass()
    {
        var part = _outage / Part;
        Be(ForwardManner.Acknowledge, "is up", part, isSampled: false);
        Be(ForwardManner.Stall, "does not answer, and rings fill", part, isSampled: false);
        Be(ForwardManner.Stall, "does not answer", (_outage / 2) - part, isSampled: true);
        Be(ForwardManner.Reset, "resets connections", _outage / 2, isSampled: true);
        Be(ForwardManner.Acknowledge, "is up again", part, isSampled: true);
        _progress.Clear();
    }

    private void Be(ForwardManner manner, string words, TimeSpan duration, bool isSampled)
    {
        _backend.Be(manner);
        var began = Stopwatch.GetTimestamp();
        for (var elapsed = TimeSpan.Zero; elapsed < duration; elapsed = Stopwatch.GetElapsedTime(began))
        {
            _progress.Show($"the backend {words}, {(duration - elapsed).TotalSeconds:0} s; {_load.Tally.Accepted:#,0} records sent");
            _cancellation.WaitHandle.WaitOne(_outage / Samples);
            _cancellation.ThrowIfCancellationRequested();
            EndOnFailure();

            if (isSampled && ResidentMemory.Read(_server.Process.ProcessId) is { } bytes)
            {
                _memory.Add(bytes);
            }
        }
    }

    private void WaitUntilSent()
    {
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < DrainTime && ReportCounts.OfRecords(_server.ReadMetrics()).Held is > 0 and var held)
        {
            _progress.Show($"{held:#,0} records are still held");
            _cancellation.WaitHandle.WaitOne(Look);
            _cancellation.ThrowIfCancellationRequested();
        }

        _progress.Clear();
        EndOnFailure();
    }

    private void EndOnFailure()
    {
        if (_backend.Failure is { } failure)
        {
            throw failure;
        }

        _load.ThrowIfFailed();
    }
}
