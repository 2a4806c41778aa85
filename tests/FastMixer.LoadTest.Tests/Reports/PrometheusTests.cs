using FastMixer.LoadTest.Processes;
using FastMixer.LoadTest.Reports;

namespace FastMixer.LoadTest.Tests.Reports;

public sealed class PrometheusTests
{
    [Fact]
    public void Execute_FewRecordsOverARestart_PrometheusHasEachOfThem()
    {
        Assert.SkipWhen(!PrometheusProcess.IsInstalled, "prometheus is not installed (Debian's package prometheus has it).");
        string server = Path.Combine(AppContext.BaseDirectory, "fastmixer");

        int exit = Program.Execute(
            ["reports", "prometheus", "--records", "50000", "--scrape-interval", "500ms", "--pin", "none", "--fastmixer", server, "--output", "json"]);

        Assert.Equal(ExitCode.Clean, exit);
    }

    [Fact]
    public void SumOf_SeriesThatBeganAnew_AddsWhatTheyHadBefore()
    {
        PrometheusProcess.Sample[][] series =
        [
            [At(1, 5), At(2, 7), At(4, 3)], // fell: Prometheus sees the reset
            [At(2, 7), At(4, 9)], // rose above: it does not
            [At(2, 7)], // never came again
            [At(4, 1), At(5, 2)], // began after
        ];

        Assert.Equal(7 + 3 + 7 + 9 + 7 + 2, PrometheusExperiment.SumOf(series, DateTimeOffset.UnixEpoch.AddSeconds(3)));
    }

    private static PrometheusProcess.Sample At(int second, double value) => new(DateTimeOffset.UnixEpoch.AddSeconds(second), value);
}
