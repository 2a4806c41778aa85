using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports.Delivery;
using FastMixer.Engine.Reports.Metrics;
using FastMixer.Policy.Rules;

namespace FastMixer.Adapters.Otlp;

/// <summary>
/// Sends metrics, logs and spans by OTLP/HTTP. They are encoded here, from the bytes of the batch into those of the request: the exporter of
/// OpenTelemetry's SDK takes objects of the process's own telemetry only, one for each record.
/// </summary>
internal sealed class OtlpHandler : IMetricExporter
{
    private readonly OtlpSettings _settings;
    private readonly OtlpClient _client;
    private readonly MetricSender _metrics;
    private readonly LogEncoder _logEncoder;
    private readonly RecordSender _logs;
    private readonly SpanEncoder _spanEncoder = new();
    private readonly RecordSender _spans;

    /// <summary>A handler without a connection.</summary>
    public OtlpHandler(OtlpSettings settings, TimeProvider time)
    {
        _settings = settings;
        _client = new OtlpClient(settings, time);
        _metrics = new MetricSender(settings, _client);
        _logEncoder = new LogEncoder(time);
        _logs = new RecordSender(settings, _client, _logEncoder);
        _spans = new RecordSender(settings, _client, _spanEncoder);
        Buffering = new ReportBuffering { Linger = settings.BatchDelay };
    }

    /// <inheritdoc/>
    public ReportBuffering Buffering { get; }

    /// <inheritdoc/>
    public TimeSpan ExportInterval => _settings.ExportInterval;

    /// <inheritdoc/>
    public MetricDefinition? Aggregate(Instance instance) =>
        instance.Template.Name == "metric" ? _settings.Find(instance)!.Definition : null;

    /// <inheritdoc/>
    public async ValueTask DeliverAsync(ReportBatch batch, CancellationToken cancellationToken)
    {
        await _logs.DeliverAsync(batch, cancellationToken).ConfigureAwait(false);
        await _spans.DeliverAsync(batch, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask ExportAsync(MetricExport export, CancellationToken cancellationToken) => _metrics.ExportAsync(export, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _metrics.Dispose();
        _logs.Dispose();
        _logEncoder.Dispose();
        _spans.Dispose();
        _spanEncoder.Dispose();
        return default;
    }
}
