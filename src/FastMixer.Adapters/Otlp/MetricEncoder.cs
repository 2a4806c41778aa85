using System.Text;
using FastMixer.Engine.Reports.Metrics;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Adapters.Otlp;

/// <summary>
/// Encodes metrics (opentelemetry-proto, metrics/v1): counters as monotonic sums and distributions as histograms, both deltas, and gauges. Not thread-safe.
/// </summary>
internal sealed class MetricEncoder(OtlpSettings settings) : IDisposable
{
    private const long NanosecondsPerTick = 100;
    private const int DataPoints = 1;
    private const int Temporality = 2;
    private const int IsMonotonic = 3;
    private const int DeltaTemporality = 1;

    private readonly PooledBuffer _text = new();

    /// <summary>Encodes as much of an export as fits into a request.</summary>
    /// <param name="export">The export; series that a request cannot hold are rejected.</param>
    /// <param name="request">The request, which is begun and ended.</param>
    /// <param name="items">Takes the series that are in it.</param>
    public void Encode(MetricExport export, ExportRequest request, List<(MetricSeriesSet Set, int Series)> items)
    {
        items.Clear();
        request.Begin();
        long from = Nanoseconds(export.From);
        long to = Nanoseconds(export.To);
        foreach (MetricSeriesSet set in export.Metrics)
        {
            if (!TryEncode(set, from, to, request, items))
            {
                break;
            }
        }

        request.End();
    }

    /// <inheritdoc/>
    public void Dispose() => _text.Dispose();

    // False when the request is full: what is left comes in the next one, since what was sent has no more to tell then.
    private bool TryEncode(MetricSeriesSet set, long from, long to, ExportRequest request, List<(MetricSeriesSet, int)> items)
    {
        int begin = request.Length;
        int before = items.Count;
        bool isFull = false;
        request.BeginItem();
        WriteHead(set, request.Writer);
        int data = request.Writer.Begin(DataField(set.Definition.Kind));
        foreach (MetricSeries series in set)
        {
            int length = request.Length;
            WritePoint(set, series, from, to, request.Writer);
            if (!request.IsTooLong)
            {
                items.Add((set, series.Number));
                continue;
            }

            request.Truncate(length);
            isFull = items.Count > 0;
            if (isFull)
            {
                break;
            }

            set.Reject(series.Number);
        }

        if (set.Definition.Kind != MetricKind.Gauge)
        {
            request.Writer.WriteVarint(Temporality, DeltaTemporality);
        }

        if (set.Definition.Kind == MetricKind.Counter)
        {
            request.Writer.WriteVarint(IsMonotonic, 1);
        }

        request.Writer.End(data);
        request.EndItem();
        if (items.Count == before)
        {
            request.Truncate(begin);
        }

        return !isFull;
    }

    private static int DataField(MetricKind kind) => kind switch
    {
        MetricKind.Gauge => 5,
        MetricKind.Counter => 7,
        _ => 9,
    };

    private void WriteHead(MetricSeriesSet set, ProtobufWriter writer)
    {
        OtlpMetric metric = settings.Find(set.Instance)!;
        writer.WriteBytes(1, Encoding.UTF8.GetBytes(metric.Name));
        writer.WriteBytes(2, Encoding.UTF8.GetBytes(metric.Description));
        writer.WriteBytes(3, Encoding.UTF8.GetBytes(metric.Unit ?? (set.IsDuration ? "s" : "")));
    }

    private void WritePoint(MetricSeriesSet set, in MetricSeries series, long from, long to, ProtobufWriter writer)
    {
        bool isHistogram = set.Definition.Kind == MetricKind.Distribution;
        int point = writer.Begin(DataPoints);
        writer.WriteFixed64(2, from);
        writer.WriteFixed64(3, to);
        if (isHistogram)
        {
            WriteHistogram(series, set.Definition.Buckets!, writer);
        }
        else if (series.IsInteger && !set.IsDuration)
        {
            writer.WriteFixed64(6, series.Integer);
        }
        else
        {
            writer.WriteDouble(4, series.Value);
        }

        for (int i = 0; i < set.Dimensions.Length; i++)
        {
            int field = isHistogram ? 9 : 7;
            ReadOnlySpan<byte> name = set.Dimensions[i].Utf8Name.Span;
            if (series.IsOverflow)
            {
                AttributeWriting.WriteText(writer, field, name, MetricDefinition.OverflowText);
            }
            else
            {
                AttributeWriting.Write(writer, field, name, series.Dimensions, i, _text);
            }
        }

        writer.End(point);
    }

    private static void WriteHistogram(in MetricSeries series, BucketBounds buckets, ProtobufWriter writer)
    {
        writer.WriteFixed64(4, series.Count);
        writer.WriteDouble(5, series.Value);
        int counts = writer.Begin(6);
        foreach (long count in series.Buckets)
        {
            writer.WritePacked(count);
        }

        writer.End(counts);
        int bounds = writer.Begin(7);
        foreach (double bound in buckets.Upper)
        {
            writer.WritePacked(BitConverter.DoubleToInt64Bits(bound));
        }

        writer.End(bounds);
    }

    private static long Nanoseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;
}
