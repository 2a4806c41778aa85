using System.Text;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports.Delivery;
using FastMixer.Engine.Reports.Metrics;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Engine.Tests.Support;

/// <summary>
/// An adapter named <c>sink</c> that takes every report, and does with it what a test says. Its parameter <c>kind</c> is <c>none</c> to get metrics one by
/// one, or how they are summed up; <c>ring</c> the bytes of its ring; <c>batch</c> the records of a batch; <c>series</c> the most series.
/// </summary>
internal sealed class SinkAdapter : Adapter
{
    public override AdapterDescriptor Descriptor { get; } = new(
        "sink",
        ["logentry", "metric", "tracespan", "edge", "reportnothing"],
        reader => new Settings(
            reader.Text("kind", "none"),
            reader.Int64("ring", 16 * 1024 * 1024, 1, long.MaxValue),
            reader.Int32("batch", 1024, 1, int.MaxValue),
            reader.Int32("series", 10_000, 1, int.MaxValue),
            reader.Duration("idle", TimeSpan.FromHours(1)),
            reader.Duration("linger", TimeSpan.Zero)));

    /// <summary>What is done with a batch; nothing fails by default.</summary>
    public Func<ReportBatch, CancellationToken, ValueTask> Deliver { get; set; } = static (_, _) => default;

    /// <summary>What is done with an export.</summary>
    public Func<MetricExport, CancellationToken, ValueTask> Export { get; set; } = static (_, _) => default;

    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services)
    {
        var settings = (Settings)definition.Parameters;
        return settings.Kind == "none" ? new Handler(this, settings) : new MetricHandler(this, settings);
    }

    /// <summary>A record's fields, <c>name=value</c> each.</summary>
    public static string Describe(ReportRecord record)
    {
        using var text = new PooledBuffer();
        for (int i = 0; i < record.Fields.Count; i++)
        {
            text.Write(i == 0 ? ""u8 : " "u8);
            text.Write(record.Fields[i].Utf8Name.Span);
            text.Write("="u8);
            FieldText.Write(record.Fields, i, text);
        }

        return Encoding.UTF8.GetString(text.Written);
    }

    /// <summary>A series' dimensions, joined by commas.</summary>
    public static string Describe(MetricSeriesSet set, MetricSeries series)
    {
        using var text = new PooledBuffer();
        for (int i = 0; i < set.Dimensions.Length; i++)
        {
            text.Write(i == 0 ? ""u8 : ","u8);
            series.WriteDimension(i, text);
        }

        return Encoding.UTF8.GetString(text.Written);
    }

    private sealed record Settings(string Kind, long Ring, int Batch, int Series, TimeSpan Idle, TimeSpan Linger);

    private class Handler(SinkAdapter adapter, Settings settings) : IReportHandler
    {
        public ReportBuffering Buffering { get; } = new()
        {
            MaxBytes = settings.Ring,
            BatchRecords = settings.Batch,
            Linger = settings.Linger,
            Retry = new ReportRetry { Timeout = TimeSpan.FromSeconds(1), MaxAttempts = 3, FirstPause = TimeSpan.FromMilliseconds(10) },
        };

        public virtual MetricDefinition? Aggregate(Instance instance) => null;

        public ValueTask DeliverAsync(ReportBatch batch, CancellationToken cancellationToken) => adapter.Deliver(batch, cancellationToken);

        public ValueTask DisposeAsync() => default;
    }

    private sealed class MetricHandler(SinkAdapter adapter, Settings settings) : Handler(adapter, settings), IMetricExporter
    {
        private readonly SinkAdapter _adapter = adapter;
        private readonly Settings _settings = settings;

        public TimeSpan ExportInterval => TimeSpan.FromSeconds(1);

        public override MetricDefinition? Aggregate(Instance instance)
        {
            MetricKind kind = Enum.Parse<MetricKind>(_settings.Kind, ignoreCase: true);
            return new MetricDefinition(kind, kind == MetricKind.Distribution ? BucketBounds.Explicit([1, 10, 100]) : null)
            {
                MaxSeries = _settings.Series,
                IdleTime = _settings.Idle,
            };
        }

        public ValueTask ExportAsync(MetricExport export, CancellationToken cancellationToken) => _adapter.Export(export, cancellationToken);
    }
}
