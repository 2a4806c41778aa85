using FastMixer.Engine.Reports.Metrics;
using FastMixer.Policy.Rules;

namespace FastMixer.Adapters.Otlp;

/// <summary>How requests are made smaller.</summary>
internal enum Compression
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By gzip.</summary>
    Gzip,
}

/// <summary>An otlp handler's parameters.</summary>
/// <param name="Endpoint">The address before <c>v1/metrics</c>, <c>v1/logs</c> and <c>v1/traces</c>; ends with a slash.</param>
/// <param name="Headers">What every request has beside its own headers.</param>
/// <param name="Compression">How requests are made smaller.</param>
/// <param name="MaxRequestBytes">The most bytes of a request, before compression.</param>
/// <param name="ResourceAttributes">What is said of the sender, in the order of the configuration.</param>
/// <param name="ExportInterval">How long metrics are summed up before they are exported.</param>
/// <param name="BatchDelay">How long logs and spans wait for more.</param>
/// <param name="Metrics">The metrics.</param>
internal sealed record OtlpSettings(
    Uri Endpoint,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    Compression Compression,
    int MaxRequestBytes,
    IReadOnlyList<KeyValuePair<string, string>> ResourceAttributes,
    TimeSpan ExportInterval,
    TimeSpan BatchDelay,
    IReadOnlyList<OtlpMetric> Metrics)
{
    /// <summary>The metric of an instance, by its full name or else its name; null if there is none.</summary>
    public OtlpMetric? Find(Instance instance) =>
        Metrics.FirstOrDefault(metric => metric.InstanceName == instance.FullName)
        ?? Metrics.FirstOrDefault(metric => metric.InstanceName == instance.Name);
}

/// <summary>A metric as the backend sees it.</summary>
/// <param name="InstanceName">The instance that gives its values, by its name or full name.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is.</param>
/// <param name="Unit">Its unit by UCUM; null for <c>s</c> of durations and none of others.</param>
/// <param name="Definition">How it is summed up.</param>
internal sealed record OtlpMetric(string InstanceName, string Name, string Description, string? Unit, MetricDefinition Definition);
