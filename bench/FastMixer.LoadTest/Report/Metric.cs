using FastMixer.LoadTest.Load;

namespace FastMixer.LoadTest.Report;

/// <summary>One number of a round, and how reports show it.</summary>
/// <param name="Title">Its name in text.</param>
/// <param name="Key">Its name in JSON.</param>
/// <param name="Read">Takes it from a round.</param>
/// <param name="Format">Writes it in text.</param>
internal sealed record Metric(string Title, string Key, Func<RoundResult, double?> Read, Func<double, string> Format)
{
    /// <summary>All of them, in the order of the report.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        new("requests/s", "ratePerSecond", static round => round.Rate, Quantity.Count),
        new("p50", "p50Seconds", static round => round.Percentile(50), Quantity.Seconds),
        new("p90", "p90Seconds", static round => round.Percentile(90), Quantity.Seconds),
        new("p99", "p99Seconds", static round => round.Percentile(99), Quantity.Seconds),
        new("p99.9", "p999Seconds", static round => round.Percentile(99.9), Quantity.Seconds),
        new("max", "maxSeconds", static round => round.Percentile(100), Quantity.Seconds),
        new("CPU/request", "cpuSecondsPerRequest", static round => round.PerRequest(round.ServerCpuSeconds), Quantity.Seconds),
        new("generator CPU", "generatorCpuSecondsPerRequest", static round => round.PerRequest(round.GeneratorCpuSeconds), Quantity.Seconds),
        new("server busy", "serverCpuShare", static round => round.ServerCpuSeconds / round.Duration.TotalSeconds, Quantity.Percent),
        new("generator busy", "generatorCpuShare", static round => round.GeneratorCpuSeconds / round.Duration.TotalSeconds, Quantity.Percent),
        new("sent late p50", "latenessP50Seconds", static round => round.LatenessPercentile(50), Quantity.Seconds),
        new("sent late p99", "latenessP99Seconds", static round => round.LatenessPercentile(99), Quantity.Seconds),
    ];

    /// <summary>The metric with a given name in JSON.</summary>
    public static Metric Named(string key) => All.First(metric => metric.Key == key);

    /// <summary>What several rounds say of it.</summary>
    public Spread? Over(IEnumerable<RoundResult> rounds) => Spread.Of(rounds.Select(Read));

    /// <summary>Writes a spread in text, with its ends where there were several rounds.</summary>
    public string Cell(Spread spread, bool several) => several
        ? $"{Format(spread.Median)} [{Format(spread.Min)} … {Format(spread.Max)}]"
        : Format(spread.Median);
}
