using FastMixer.LoadTest.Experiments;
using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Report;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Reports;

/// <summary>How long a check takes while reports keep the server as busy as they can, as a ratio to without: checks never wait for reports.</summary>
internal static class BesideChecksExperiment
{
    private const int CheckKeys = 1000;

    /// <summary>Runs.</summary>
    /// <param name="setup">What all experiments are told; its connections and depth are those of checks.</param>
    /// <param name="connections">Connections of reports.</param>
    /// <param name="depth">Messages in flight on each.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static ExperimentResult Run(ExperimentSetup setup, int connections, int depth, CancellationToken cancellation)
    {
        using var bed = new TestBed(setup, cancellation);
        using var server = bed.StartReported(PolicyNames.Reports, IngestExperiment.PolicyPort);
        var reports = new ReportLoadSettings
        {
            Address = server.Address,
            Templates = new ReportTemplates(),
            Connections = connections,
            Depth = depth,
            BehindOthers = true,
        };
        var keys = KeySource.Repeated(CheckKeys);
        var alone = TestBed.FastMixerSide("alone", server.Process, keys);
        var spells = new List<ReportSpell>();
        var beside = alone with { Name = "beside", Beside = () => Begin(spells, new ReportSpell(server, reports, cancellation)) };
        var sides = bed.Measure([beside, alone], setup.Load);
        spells.ForEach(static spell => spell.ThrowIfFailed());
        return new ExperimentResult
        {
            Name = "besideChecks",
            Title = $"{Quantity.Count(CheckKeys)} checks over and over, beside as many reports as the server takes, and alone",
            Load = setup.Load,
            Keys = keys,
            Placement = bed.Placement,
            Sides = sides,
            Notes =
            [
                $"reports        {Quantity.Count(spells.Average(static spell => spell.Rate))} records/s beside the checks, {Quantity.Percent(spells.Average(static spell => spell.RefusedShare))} refused, "
                + $"over {LoadText.Counted(connections, "connection")} with {depth} messages in flight on each",
            ],
        };
    }

    private static ReportSpell Begin(List<ReportSpell> spells, ReportSpell spell)
    {
        spells.Add(spell);
        return spell;
    }
}
