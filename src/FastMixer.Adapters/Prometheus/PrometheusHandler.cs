using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports.Delivery;
using FastMixer.Engine.Reports.Metrics;
using FastMixer.Policy.Rules;

namespace FastMixer.Adapters.Prometheus;

/// <summary>The metrics of one handler, for the listener to read.</summary>
internal sealed class PrometheusHandler(PrometheusSettings settings, ScrapeListener listener) : IMetricReader
{
    private IMetricSource? _source;

    /// <summary>Its metrics.</summary>
    public IReadOnlyList<PrometheusMetric> Metrics => settings.Metrics;

    /// <summary>The metric of an instance.</summary>
    public PrometheusMetric MetricOf(Instance instance) => settings.Find(instance)!;

    /// <inheritdoc/>
    public void Attach(IMetricSource source)
    {
        _source = source;
        listener.Families.Add(this);
    }

    /// <inheritdoc/>
    public MetricDefinition? Aggregate(Instance instance) => MetricOf(instance).Definition;

    /// <summary>Nothing comes record by record: every instance is summed up.</summary>
    public ValueTask DeliverAsync(ReportBatch batch, CancellationToken cancellationToken) => default;

    /// <summary>Reads its totals.</summary>
    public Task ReadAsync(Action<MetricTotals> read) => _source!.ReadAsync(read);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await listener.Families.RemoveAsync(this).ConfigureAwait(false);
        await listener.ReleaseAsync().ConfigureAwait(false);
    }
}
