using System.Diagnostics.Metrics;

namespace FastMixer.Server.Configuration;

/// <summary>What became of reloads, as instruments of the meter <c>FastMixer.Configuration</c> (spec/config.md, Metrics).</summary>
internal sealed class ReloadMeter : IDisposable
{
    private readonly Meter _meter = new("FastMixer.Configuration");

    /// <summary>The instruments of a watcher.</summary>
    public ReloadMeter(PolicyWatcher watcher)
    {
        _meter.CreateObservableCounter(
            "fastmixer.config.reloads",
            () => (Measurement<long>[])[Of(watcher.Succeeded, "succeeded"), Of(watcher.Failed, "failed")],
            unit: "{reload}",
            description: "Reloads of the policy by what became of them.");
        _meter.CreateObservableGauge(
            "fastmixer.config.generation", () => watcher.Generation, description: "The number of the configuration in force.");
        _meter.CreateObservableGauge(
            "fastmixer.config.stale", () => watcher.IsStale ? 1 : 0, description: "1 while the folder holds a policy that is not valid, so that an older one is in force.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static Measurement<long> Of(long count, string outcome) => new(count, KeyValuePair.Create<string, object?>("outcome", outcome));
}
