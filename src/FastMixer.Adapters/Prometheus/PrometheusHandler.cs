using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports.Delivery;
using FastMixer.Engine.Reports.Metrics;
using FastMixer.Policy.Rules;

namespace FastMixer.Adapters.Prometheus;

/// <summary>The metrics of one handler, for the listener to read.</summary>
internal sealed class PrometheusHandler(string name, PrometheusSettings settings, ScrapeListener listener, HandlerServices services) : IMetricReader
{
    private IMetricSource? _source;

    /// <inheritdoc/>
    public TimeSpan LastReadTime => settings.LastScrapeWait;

    /// <summary>What was told of it at the last scrape.</summary>
    public LastScrape LastScrape { get; } = new(services.Time);

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
        if (!listener.Families.AllGoOn(this) && !await IsLastToldAsync().ConfigureAwait(false))
        {
            PrometheusLog.NotScraped(services.Loggers.CreateLogger("FastMixer"), name, settings.LastScrapeWait);
        }

        await listener.Families.RemoveAsync(this).ConfigureAwait(false);
        await listener.ReleaseAsync().ConfigureAwait(false);
    }

    // Nothing is counted any more: the last values are the ones that are there.
    private async Task<bool> IsLastToldAsync()
    {
        long values = 0;
        await ReadAsync(totals => values = MetricFamilies.CountValues(totals)).ConfigureAwait(false);
        return await LastScrape.IsToldAsync(values, settings.LastScrapeWait).ConfigureAwait(false);
    }
}
