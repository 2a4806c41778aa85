using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using FastMixer.Engine.Reports.Metrics;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Adapters.Prometheus;

/// <summary>
/// Writes metrics in Prometheus' text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats): help and type of each, then its series, the
/// buckets of distributions summed up. Label values and help are escaped.
/// </summary>
internal static class ExpositionWriter
{
    private const int LongestNumber = 32;

    /// <summary>Writes the labels of a series: <c>a="x",b="y"</c>.</summary>
    public static void WriteLabels(MetricSeriesSet set, in MetricSeries series, PooledBuffer output)
    {
        using var value = new PooledBuffer();
        for (int i = 0; i < set.Dimensions.Length; i++)
        {
            value.Reset();
            series.WriteDimension(i, value);
            output.Write(i == 0 ? ""u8 : ","u8);
            Write(PrometheusName.Of(set.Dimensions[i].Key!), output);
            output.Write("=\""u8);
            WriteEscaped(value.Written, output, escapeQuotes: true);
            output.Write("\""u8);
        }
    }

    /// <summary>Writes a metric; nothing if it has no series.</summary>
    public static void Write(MetricFamily family, PooledBuffer output)
    {
        if (family.Series.Count == 0)
        {
            return;
        }

        PrometheusMetric metric = family.Metric;
        Write($"# HELP {metric.Name} ", output);
        WriteEscaped(Encoding.UTF8.GetBytes(metric.Help), output, escapeQuotes: false);
        Write($"\n# TYPE {metric.Name} {TypeOf(metric.Definition.Kind)}\n", output);
        foreach ((string labels, FamilySeries series) in family.Series)
        {
            if (metric.Definition.Buckets is { } buckets)
            {
                WriteDistribution(metric.Name, labels, series, buckets, output);
            }
            else
            {
                WriteSample(metric.Name, labels, series, output);
            }
        }
    }

    private static string TypeOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        _ => "histogram",
    };

    private static void WriteDistribution(string name, string labels, FamilySeries series, BucketBounds buckets, PooledBuffer output)
    {
        string comma = labels.Length == 0 ? "" : ",";
        long below = 0;
        for (int i = 0; i < buckets.Count; i++)
        {
            below += series.Buckets[i];
            string bound = i == buckets.Upper.Length ? "+Inf" : buckets.Upper[i].ToString("R", CultureInfo.InvariantCulture);
            Write($"{name}_bucket{{{labels}{comma}le=\"{bound}\"}} ", output);
            WriteNumber(below, output);
        }

        WriteSample(name + "_sum", labels, series, output);
        WriteName(name + "_count", labels, output);
        WriteNumber(below, output);
    }

    private static void WriteSample(string name, string labels, FamilySeries series, PooledBuffer output)
    {
        WriteName(name, labels, output);
        if (series.IsInteger)
        {
            WriteNumber(series.Integer, output);
        }
        else
        {
            Write(series.Value.ToString("R", CultureInfo.InvariantCulture), output);
            output.Write("\n"u8);
        }
    }

    private static void WriteName(string name, string labels, PooledBuffer output) => Write(labels.Length == 0 ? name + " " : $"{name}{{{labels}}} ", output);

    private static void WriteNumber(long number, PooledBuffer output)
    {
        Utf8Formatter.TryFormat(number, output.GetSpan(LongestNumber), out int written);
        output.Advance(written);
        output.Write("\n"u8);
    }

    private static void WriteEscaped(ReadOnlySpan<byte> text, PooledBuffer output, bool escapeQuotes)
    {
        ReadOnlySpan<byte> special = escapeQuotes ? "\\\n\""u8 : "\\\n"u8;
        for (int next; (next = text.IndexOfAny(special)) >= 0; text = text[(next + 1)..])
        {
            output.Write(text[..next]);
            output.Write(text[next] switch
            {
                (byte)'\n' => "\\n"u8,
                (byte)'"' => "\\\""u8,
                _ => "\\\\"u8,
            });
        }

        output.Write(text);
    }

    private static void Write(string text, PooledBuffer output) => Encoding.UTF8.GetBytes(text, (IBufferWriter<byte>)output);
}
