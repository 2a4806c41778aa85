using System.Diagnostics;
using FastMixer.LoadTest.Experiments;
using FastMixer.LoadTest.Processes;
using FastMixer.LoadTest.Report;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Reports;

/// <summary>Whether a real Prometheus has the numbers of what was sent, to the last record, though the server is drained and started again in the middle.</summary>
internal static class PrometheusExperiment
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs.</summary>
    /// <param name="setup">What all experiments are told; its connections and depth are those of reports.</param>
    /// <param name="records">How many records are sent, a multiple of a message's.</param>
    /// <param name="interval">How often Prometheus comes.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static PrometheusResult Run(ExperimentSetup setup, long records, TimeSpan interval, CancellationToken cancellation)
    {
        using var bed = new TestBed(setup, cancellation);
        using var server = bed.StartReported(PolicyNames.Scraped, IngestExperiment.PolicyPort);
        using var prometheus = new PrometheusProcess(server.Port, interval, setup.Pin?.BackendCpu, cancellation);
        var placement = bed.Placement;
        var began = DateTimeOffset.UtcNow;
        prometheus.WaitForScrape(began, cancellation);

        var settings = new ReportLoadSettings
        {
            Address = server.Address,
            Templates = new ReportTemplates(),
            Connections = setup.Load.Connections,
            Depth = setup.Load.EffectiveDepth,
            Reconnects = true,
        };
        var progress = new ProgressLine();
        var watch = Stopwatch.StartNew();
        using var load = ReportLoad.Start(settings, new ReportSupply(records / ReportTemplates.Records), cancellation);
        while (load.Tally.Accepted < records / 2 && !load.IsOver)
        {
            progress.Show($"{load.Tally.Accepted:#,0} of {records:#,0} records");
            cancellation.WaitHandle.WaitOne(Look);
        }

        progress.Show($"the server is drained and started again");
        server.Stop();
        var restarted = DateTimeOffset.UtcNow;
        server.Start(cancellation);
        progress.Show($"sending what is left");
        load.Join();
        var sent = watch.Elapsed;
        cancellation.ThrowIfCancellationRequested();
        prometheus.WaitForScrape(restarted, cancellation);
        progress.Show($"the server is drained");
        server.Stop();
        progress.Clear();

        var range = DateTimeOffset.UtcNow - began;
        return new PrometheusResult(
            setup.Load,
            placement,
            interval,
            sent,
            load.Tally,
            [
                new PrometheusSum("istio_records_total", load.Tally.Accepted, Sum("istio_records_total")),
                new PrometheusSum("istio_requests_total", load.Tally.Accepted, Sum("istio_requests_total")),
                new PrometheusSum("istio_response_bytes_total", load.Tally.ResponseBytes, Sum("istio_response_bytes_total")),
            ]);

        double Sum(string metric) => SumOf(prometheus.ReadSamples(metric, range), restarted);
    }

    /// <summary>
    /// What the series of a counter that began anew at a moment have counted in all: the last value of each before it and the last one after. A reset that
    /// Prometheus cannot see, since the new value was soon above the old one, does not hide anything here.
    /// </summary>
    /// <param name="samples">The samples of each series, in the order of time.</param>
    /// <param name="restarted">The moment.</param>
    public static double SumOf(IReadOnlyList<IReadOnlyList<PrometheusProcess.Sample>> samples, DateTimeOffset restarted) =>
        samples.Sum(series => series.LastOrDefault(sample => sample.Time < restarted).Value + series.LastOrDefault(sample => sample.Time >= restarted).Value);
}

/// <summary>What Prometheus has of a counter, and what it should have.</summary>
/// <param name="Metric">The counter.</param>
/// <param name="Sent">What was sent and acknowledged.</param>
/// <param name="Scraped">What the samples come to.</param>
internal sealed record PrometheusSum(string Metric, long Sent, double Scraped)
{
    /// <summary>Whether they are the same, to the last one.</summary>
    public bool Agrees => Sent == Scraped;
}

/// <summary>What the comparison with Prometheus came to.</summary>
/// <param name="Load">How reports were sent.</param>
/// <param name="Placement">Where processes ran.</param>
/// <param name="Interval">How often Prometheus came.</param>
/// <param name="Time">How long it took to send them, the restart included.</param>
/// <param name="Tally">What became of the records as the server's answers say.</param>
/// <param name="Sums">The counters.</param>
internal sealed record PrometheusResult(
    Load.RoundSettings Load, string Placement, TimeSpan Interval, TimeSpan Time, ReportTally Tally, IReadOnlyList<PrometheusSum> Sums)
{
    /// <summary>Whether all counters agree.</summary>
    public bool Agrees => Sums.All(static sum => sum.Agrees);
}
