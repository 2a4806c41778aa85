using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports.Delivery;
using FastMixer.Engine.Reports.Metrics;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Adapters.Statsd;

/// <summary>
/// Sends metrics as lines of statsd. What is on the wire counts as delivered: UDP tells no more. Counters and gauges are summed up and sent whole every
/// interval; of distributions, whose values the backend wants one by one, a sample may be sent.
/// </summary>
internal sealed class StatsdHandler(StatsdSettings settings) : IMetricExporter
{
    // The two may be at work at once, and so share nothing.
    private readonly SeriesSender _series = new(settings);
    private readonly ValueSender _values = new(settings);

    /// <inheritdoc/>
    public ReportBuffering Buffering { get; } = new() { Linger = settings.FlushInterval };

    /// <inheritdoc/>
    public TimeSpan ExportInterval => settings.FlushInterval;

    /// <inheritdoc/>
    public MetricDefinition? Aggregate(Instance instance) => settings.Find(instance)!.Kind switch
    {
        // A distribution of whole numbers is a counter in plain statsd, as in Mixer.
        MetricKind.Distribution when settings.Dialect == Dialect.Dogstatsd || IsDuration(instance) => null,
        MetricKind.Gauge => new MetricDefinition(MetricKind.Gauge) { MaxSeries = settings.MaxSeries },
        _ => new MetricDefinition(MetricKind.Counter) { MaxSeries = settings.MaxSeries },
    };

    /// <inheritdoc/>
    public ValueTask DeliverAsync(ReportBatch batch, CancellationToken cancellationToken) => _values.DeliverAsync(batch, cancellationToken);

    /// <inheritdoc/>
    public ValueTask ExportAsync(MetricExport export, CancellationToken cancellationToken) => _series.ExportAsync(export, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _series.Dispose();
        _values.Dispose();
        return default;
    }

    private static bool IsDuration(Instance instance) =>
        instance.IndexOf("value") is >= 0 and var value && instance.Fields[value].Type == AttributeType.Duration;
}
