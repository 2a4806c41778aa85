namespace FastMixer.LoadTest.Load;

/// <summary>What one round found.</summary>
/// <param name="Measurement">What all workers saw.</param>
/// <param name="Duration">How long they measured.</param>
/// <param name="ServerCpuSeconds">CPU time that the target used meanwhile, if known.</param>
/// <param name="GeneratorCpuSeconds">CPU time that the generator used meanwhile.</param>
internal sealed record RoundResult(Measurement Measurement, TimeSpan Duration, double? ServerCpuSeconds, double? GeneratorCpuSeconds)
{
    /// <summary>Verdicts per second.</summary>
    public double Rate => Measurement.Verdicts / Duration.TotalSeconds;

    /// <summary>The latency that a share of the requests did not exceed, in seconds; null without any request.</summary>
    public double? Percentile(double percent) => Measurement.Latency.TotalCount == 0
        ? null
        : Measurement.Latency.GetValueAtPercentile(percent) / 1e9;

    /// <summary>The lateness of the generator that a share of the requests did not exceed, in seconds; null in a closed loop.</summary>
    public double? LatenessPercentile(double percent) => Measurement.Lateness.TotalCount == 0
        ? null
        : Measurement.Lateness.GetValueAtPercentile(percent) / 1e9;

    /// <summary>A CPU time divided by the verdicts.</summary>
    public double? PerRequest(double? cpuSeconds) => Measurement.Verdicts == 0 ? null : cpuSeconds / Measurement.Verdicts;
}
