using FastMixer.Engine.Reports.Metrics;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Adapters.Statsd;

/// <summary>What the parameters of <c>statsd</c> and <c>dogstatsd</c> have in common.</summary>
internal static class StatsdParameters
{
    /// <summary>The port of the daemon.</summary>
    public const int DefaultPort = 8125;

    private const int MostSeries = 10_000_000;
    private const double LeastRate = 0.0001;

    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LeastInterval = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MostInterval = TimeSpan.FromHours(1);

    /// <summary>Reads how large datagrams may be.</summary>
    /// <param name="reader">The parameters.</param>
    /// <param name="otherwise">Their bytes if nothing is said.</param>
    /// <param name="lines">The most lines of each.</param>
    public static Packing ReadPacking(ParameterReader reader, int otherwise, int lines = int.MaxValue) =>
        new(reader.Int32("flush_bytes", otherwise, 1, DatagramPacker.MaxDatagramBytes), lines);

    /// <summary>Reads how long values are gathered.</summary>
    public static TimeSpan ReadInterval(ParameterReader reader)
    {
        TimeSpan interval = reader.Duration("flush_duration", DefaultInterval);
        if (interval >= LeastInterval && interval <= MostInterval)
        {
            return interval;
        }

        reader.Fail(reader.Field("flush_duration")!.Place, "\"flush_duration\": expected a duration from 1ms to 1h.");
        return DefaultInterval;
    }

    /// <summary>Reads how many of the values that are sent one by one are sent.</summary>
    public static double ReadRate(ParameterReader reader, string name) => reader.Double(name, 1, LeastRate, 1);

    /// <summary>Reads how many series a metric may have.</summary>
    public static int ReadMaxSeries(ParameterReader reader) =>
        reader.Int32("max_series", new MetricDefinition(MetricKind.Counter).MaxSeries, 1, MostSeries);

    /// <summary>Reads <c>metrics</c>: what each instance is in the backend.</summary>
    /// <param name="reader">The parameters.</param>
    /// <param name="read">Reads what is the dialect's own of a metric: its instance's name, its kind, its parameters.</param>
    public static IReadOnlyList<StatsdMetric> ReadMetrics(ParameterReader reader, Func<string, MetricKind, ParameterReader, StatsdMetric> read)
    {
        var metrics = new List<StatsdMetric>();
        if (reader.Object("metrics") is { } map)
        {
            foreach (ConfigField field in reader.Map("metrics"))
            {
                // Names of instances are no fields' names: each is asked for as it is written.
                if (map.Object(field.Name) is { } metric)
                {
                    metrics.Add(read(field.Name, ReadKind(metric), metric));
                    metric.End();
                }
                else
                {
                    reader.Fail(field.Place, $"\"metrics\": expected a mapping with the \"type\" of \"{field.Name}\", found {field.Value.Describe()}.");
                }
            }
        }

        return metrics;
    }

    /// <summary>What is wrong with an instance that is sent to a handler, or null.</summary>
    public static string? CheckInstance(object parameters, Instance instance)
    {
        var settings = (StatsdSettings)parameters;
        if (settings.Find(instance) is not { } metric)
        {
            return $"The handler has no metric for the instance \"{instance.FullName}\": add it to \"metrics\".";
        }

        int value = instance.IndexOf("value");
        AttributeType type = value < 0 ? AttributeType.Int64 : instance.Fields[value].Type;
        bool isDistribution = metric.Kind == MetricKind.Distribution;
        if (type != AttributeType.Int64 && !(isDistribution && type == AttributeType.Duration))
        {
            return $"\"value\" of the metric \"{instance.FullName}\": expected INT64{(isDistribution ? " or DURATION" : "")}, found {type.Name()}.";
        }

        string? missing = metric.Name.Dimensions.FirstOrDefault(dimension => instance.IndexOf("dimensions", dimension) < 0);
        return missing is null ? null : $"The name of the metric \"{instance.FullName}\" has the dimension \"{missing}\", which the instance has not.";
    }

    private static MetricKind ReadKind(ParameterReader metric) =>
        metric.RequiredText("type") is null ? MetricKind.Counter : metric.Choice("type", MetricKind.Counter);
}
