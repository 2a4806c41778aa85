using FastMixer.Engine.Reports.Metrics;
using FastMixer.Policy.Rules;

namespace FastMixer.Adapters.Prometheus;

/// <summary>A prometheus handler's parameters.</summary>
/// <param name="Address">Where it is scraped.</param>
/// <param name="LastScrapeWait">How long it waits for one more scrape when it ends.</param>
/// <param name="Metrics">Its metrics.</param>
internal sealed record PrometheusSettings(ScrapeAddress Address, TimeSpan LastScrapeWait, IReadOnlyList<PrometheusMetric> Metrics)
{
    /// <summary>The metric of an instance, or null.</summary>
    public PrometheusMetric? Find(Instance instance) =>
        Metrics.FirstOrDefault(metric => metric.InstanceName == instance.FullName || metric.InstanceName == instance.Name);
}

/// <summary>Where a handler is scraped. Handlers with one host and port share a listener.</summary>
/// <param name="Host">The host as <see cref="System.Net.HttpListener"/> takes it; <c>*</c> for all addresses of the machine.</param>
/// <param name="Port">The port.</param>
internal sealed record ScrapeAddress(string Host, int Port)
{
    /// <summary>The path of the metrics.</summary>
    public const string Path = "/metrics";

    /// <inheritdoc/>
    public override string ToString() => $"http://{Host}:{Port}/";
}

/// <summary>A metric as Prometheus sees it.</summary>
/// <param name="InstanceName">The instance that gives its values, by its name or full name.</param>
/// <param name="Name">Its name, in the form that Prometheus allows.</param>
/// <param name="Help">What it is.</param>
/// <param name="Definition">How it is summed up.</param>
/// <param name="Dimensions">The dimensions, in the order of the configuration; the same text in the order of labels.</param>
internal sealed record PrometheusMetric(
    string InstanceName, string Name, string Help, MetricDefinition Definition, IReadOnlyList<string> Dimensions)
{
    /// <summary>Whether totals of the other may be counted on as this one's.</summary>
    public bool ContinuesAs(PrometheusMetric other) =>
        Name == other.Name
        && Definition.Kind == other.Definition.Kind
        && UpperBounds.SequenceEqual(other.UpperBounds)
        && Dimensions.Order(StringComparer.Ordinal).SequenceEqual(other.Dimensions.Order(StringComparer.Ordinal));

    private ReadOnlySpan<double> UpperBounds => Definition.Buckets is { } buckets ? buckets.Upper : [];
}
