using FastMixer.Engine.Reports.Metrics;
using FastMixer.Policy.Rules;

namespace FastMixer.Adapters.Statsd;

/// <summary>What the lines of a family look like.</summary>
internal enum Dialect
{
    /// <summary>Dimensions only where a name's template has them. A gauge with a sign is added to the last value.</summary>
    Statsd,

    /// <summary>Dimensions are tags. A gauge with a sign is a value like any other. There are histograms.</summary>
    Dogstatsd,
}

/// <summary>The parameters of a handler that sends statsd's lines.</summary>
/// <param name="Dialect">What lines look like.</param>
/// <param name="Address">Where they are sent.</param>
/// <param name="Packing">How they are put into datagrams.</param>
/// <param name="FlushInterval">How long values are gathered before they are sent.</param>
/// <param name="SampleRate">How many of the values that are sent one by one are sent, above 0, at most 1.</param>
/// <param name="MaxSeries">The most series of each metric that is summed up.</param>
/// <param name="Metrics">The metrics.</param>
internal sealed record StatsdSettings(
    Dialect Dialect,
    BackendAddress Address,
    Packing Packing,
    TimeSpan FlushInterval,
    double SampleRate,
    int MaxSeries,
    IReadOnlyList<StatsdMetric> Metrics)
{
    /// <summary>The metric of an instance, by its full name or else its name; null if there is none.</summary>
    public StatsdMetric? Find(Instance instance) =>
        Metrics.FirstOrDefault(metric => metric.InstanceName == instance.FullName)
        ?? Metrics.FirstOrDefault(metric => metric.InstanceName == instance.Name);
}

/// <summary>How lines are put into datagrams.</summary>
/// <param name="Bytes">The most bytes of a datagram with more than one line.</param>
/// <param name="Lines">The most lines of a datagram.</param>
internal sealed record Packing(int Bytes, int Lines);

/// <summary>A metric as the backend sees it.</summary>
/// <param name="InstanceName">The instance that gives its values, by its name or full name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">How its lines are called.</param>
/// <param name="Tags">Tags that all its lines have: <c>a:b,c:d</c>, UTF-8.</param>
internal sealed record StatsdMetric(string InstanceName, MetricKind Kind, NameTemplate Name, ReadOnlyMemory<byte> Tags);
