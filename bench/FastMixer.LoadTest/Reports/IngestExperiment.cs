using FastMixer.LoadTest.Experiments;
using FastMixer.LoadTest.Report;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Reports;

/// <summary>How many records a server takes in, makes metrics of, and sums up, and what a record costs it.</summary>
internal static class IngestExperiment
{
    /// <summary>The port in the policy.</summary>
    public const int PolicyPort = 42422;

    /// <summary>Runs.</summary>
    /// <param name="setup">What all experiments are told; its depth is that of messages.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static IngestResult Run(ExperimentSetup setup, CancellationToken cancellation)
    {
        using var bed = new TestBed(setup, cancellation);
        using var server = bed.StartReported(PolicyNames.Reports, PolicyPort);
        var settings = new ReportLoadSettings
        {
            Address = server.Address,
            Templates = new ReportTemplates(),
            Connections = setup.Load.Connections,
            Depth = setup.Load.EffectiveDepth,
        };
        using var load = ReportLoad.Start(settings, ReportSupply.Endless(), cancellation);
        cancellation.WaitHandle.WaitOne(setup.Load.Warmup);
        var progress = new ProgressLine();
        var rounds = new List<IngestRound>();
        while (rounds.Count < setup.Load.Rounds)
        {
            progress.Show($"ingest, round {rounds.Count + 1} of {setup.Load.Rounds}");
            rounds.Add(IngestWatch.Watch(server, setup.Load.Duration, cancellation));
        }

        progress.Clear();
        load.ThrowIfFailed();
        return new IngestResult(setup.Load, settings.Templates.Length, bed.Placement, rounds);
    }
}

/// <summary>What reports cost.</summary>
/// <param name="Load">How they were sent.</param>
/// <param name="MessageBytes">Bytes of a message on the wire.</param>
/// <param name="Placement">Where processes ran.</param>
/// <param name="Rounds">What was found.</param>
internal sealed record IngestResult(Load.RoundSettings Load, int MessageBytes, string Placement, IReadOnlyList<IngestRound> Rounds);
