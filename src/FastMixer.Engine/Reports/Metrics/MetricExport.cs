namespace FastMixer.Engine.Reports.Metrics;

/// <summary>What was added to the metrics of a handler since its last export. Metrics to which nothing was added have no series.</summary>
public sealed class MetricExport
{
    internal MetricExport(IReadOnlyList<MetricSeriesSet> metrics, DateTimeOffset from, DateTimeOffset to)
    {
        Metrics = metrics;
        From = from;
        To = to;
    }

    /// <summary>The metrics, in the order of their full names.</summary>
    public IReadOnlyList<MetricSeriesSet> Metrics { get; }

    /// <summary>When the last export that succeeded began, or the handler's life.</summary>
    public DateTimeOffset From { get; }

    /// <summary>When this export began.</summary>
    public DateTimeOffset To { get; }
}

/// <summary>What was added to the metrics of a handler since their first instance.</summary>
public sealed class MetricTotals
{
    internal MetricTotals(IReadOnlyList<MetricSeriesSet> metrics) => Metrics = metrics;

    /// <summary>The metrics, in the order of their full names.</summary>
    public IReadOnlyList<MetricSeriesSet> Metrics { get; }
}
