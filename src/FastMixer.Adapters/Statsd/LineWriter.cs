using System.Buffers.Text;
using System.Globalization;
using System.Text;
using FastMixer.Engine.Reports.Delivery;
using FastMixer.Engine.Reports.Metrics;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Adapters.Statsd;

/// <summary>
/// Writes lines: <c>name:value|type|@rate|#tag:value,…</c>, the rate if not every value is sent, the tags in dogstatsd's dialect
/// (github.com/statsd/statsd, docs/metric_types.md; docs.datadoghq.com, DogStatsD). Not thread-safe. No allocation for dimensions that are numbers or text.
/// </summary>
internal sealed class LineWriter(StatsdSettings settings) : IDisposable
{
    private const int LongestNumber = 32;
    private const double NanosecondsPerMillisecond = 1e6;

    private readonly PooledBuffer _value = new();
    private readonly byte[] _rate = settings.SampleRate < 1
        ? Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"|@{settings.SampleRate}"))
        : [];

    /// <summary>Writes what was added to a counter, or the value of a gauge.</summary>
    public void WriteSeries(PooledBuffer output, LineLayout layout, in MetricSeries series)
    {
        bool isGauge = layout.Metric.Kind == MetricKind.Gauge;
        if (isGauge && series.Integer < 0 && settings.Dialect == Dialect.Statsd)
        {
            // There a sign means a step from the last value, so that one must be 0.
            WriteNumber(output, layout, series, 0, "|g"u8);
        }

        WriteNumber(output, layout, series, series.Integer, isGauge ? "|g"u8 : "|c"u8);
    }

    /// <summary>Writes one of the values of a histogram.</summary>
    public void WriteHistogram(PooledBuffer output, LineLayout layout, EncodedFields fields, long value)
    {
        WriteName(output, layout, fields, isOverflow: false);
        Write(value, output);
        output.Write("|h"u8);
        output.Write(_rate);
        WriteTags(output, layout, fields, isOverflow: false);
    }

    /// <summary>Writes how long something took, in milliseconds and parts of them.</summary>
    public void WriteTiming(PooledBuffer output, LineLayout layout, EncodedFields fields, long nanoseconds)
    {
        WriteName(output, layout, fields, isOverflow: false);
        (nanoseconds / NanosecondsPerMillisecond).TryFormat(output.GetSpan(LongestNumber), out int written, "0.######", CultureInfo.InvariantCulture);
        output.Advance(written);
        output.Write("|ms"u8);
        output.Write(_rate);
        WriteTags(output, layout, fields, isOverflow: false);
    }

    /// <inheritdoc/>
    public void Dispose() => _value.Dispose();

    private void WriteNumber(PooledBuffer output, LineLayout layout, in MetricSeries series, long value, ReadOnlySpan<byte> type)
    {
        WriteName(output, layout, series.Dimensions, series.IsOverflow);
        Write(value, output);
        output.Write(type);
        WriteTags(output, layout, series.Dimensions, series.IsOverflow);
    }

    private void WriteName(PooledBuffer output, LineLayout layout, EncodedFields fields, bool isOverflow)
    {
        for (int i = 0; i < layout.Name.Count; i++)
        {
            LinePart part = layout.Name[i];
            output.Write(part.Text.Span);
            if (part.Field >= 0)
            {
                StatsdText.WriteName(ValueOf(fields, part.Field, isOverflow), output);
            }
        }

        output.Write(":"u8);
    }

    private void WriteTags(PooledBuffer output, LineLayout layout, EncodedFields fields, bool isOverflow)
    {
        ReadOnlySpan<byte> separator = "|#"u8;
        if (layout.Metric.Tags.Length > 0)
        {
            output.Write(separator);
            output.Write(layout.Metric.Tags.Span);
            separator = ","u8;
        }

        for (int i = 0; i < layout.Tags.Count; i++)
        {
            LinePart tag = layout.Tags[i];
            output.Write(separator);
            output.Write(tag.Text.Span);
            StatsdText.WriteTag(ValueOf(fields, tag.Field, isOverflow), output);
            separator = ","u8;
        }

        output.Write("\n"u8);
    }

    private ReadOnlySpan<byte> ValueOf(EncodedFields fields, int field, bool isOverflow)
    {
        if (isOverflow)
        {
            return MetricDefinition.OverflowText;
        }

        _value.Reset();
        FieldText.Write(fields, field, _value);
        return _value.Written;
    }

    private static void Write(long number, PooledBuffer output)
    {
        Utf8Formatter.TryFormat(number, output.GetSpan(LongestNumber), out int written);
        output.Advance(written);
    }
}
