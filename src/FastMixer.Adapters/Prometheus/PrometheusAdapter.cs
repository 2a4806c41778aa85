using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports.Metrics;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;

namespace FastMixer.Adapters.Prometheus;

/// <summary>
/// Sums metrics up for Prometheus to come and read. Handlers with one address share a listener, and a metric that is not changed goes on with its
/// values when the configuration is.
/// </summary>
public sealed class PrometheusAdapter : Adapter
{
    private const int DefaultPort = 42422;
    private const int MostSeries = 10_000_000;

    private static readonly TimeSpan StandardLastScrapeWait = TimeSpan.FromSeconds(15);

    private readonly ScrapeListeners _listeners = new();

    /// <inheritdoc/>
    public override AdapterDescriptor Descriptor { get; } = new("prometheus", ["metric"], ReadParameters) { CheckInstance = CheckInstance };

    /// <inheritdoc/>
    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services)
    {
        var settings = (PrometheusSettings)definition.Parameters;
        return new PrometheusHandler(definition.DisplayName, settings, _listeners.Acquire(settings.Address, services.Time), services);
    }

    private static PrometheusSettings ReadParameters(ParameterReader reader)
    {
        TimeSpan idleTime = new MetricDefinition(MetricKind.Counter).IdleTime;
        if (reader.Object("metrics_expiration_policy") is { } policy)
        {
            idleTime = policy.Duration("metrics_expiry_duration", idleTime);

            // Known to configurations made for Mixer; how often idle series are looked for follows from how long they may be idle.
            policy.Duration("expiry_check_interval_duration", idleTime / 2);
            policy.End();
        }

        TimeSpan lastScrapeWait = reader.Duration("last_scrape_wait", StandardLastScrapeWait, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        int maxSeries = reader.Int32("max_series", new MetricDefinition(MetricKind.Counter).MaxSeries, 1, MostSeries);
        var metrics = new List<PrometheusMetric>();
        foreach (ParameterReader metric in reader.ObjectList("metrics"))
        {
            if (ReadMetric(metric, idleTime, maxSeries) is { } read)
            {
                if (metrics.Exists(known => known.Name == read.Name || known.InstanceName == read.InstanceName))
                {
                    metric.Fail(metric.Place, $"The metric \"{read.Name}\" or its instance \"{read.InstanceName}\" stands here twice.");
                }

                metrics.Add(read);
            }
        }

        return new PrometheusSettings(ReadAddress(reader), lastScrapeWait, metrics);
    }

    private static PrometheusMetric? ReadMetric(ParameterReader reader, TimeSpan idleTime, int maxSeries)
    {
        ScalarNode? instance = reader.RequiredText("instance_name");
        string prefix = reader.Text("namespace", "istio");
        ScalarNode? name = reader.Field("name") is null ? null : reader.RequiredText("name");
        string help = reader.Text("description", name?.Text ?? instance?.Text ?? "");
        MetricKind kind = reader.RequiredText("kind") is null ? MetricKind.Counter : reader.Choice("kind", MetricKind.Counter);
        BucketBounds? buckets = kind == MetricKind.Distribution ? BucketParameters.Read(reader) : null;
        string[] labels = [.. ReadLabels(reader, kind)];
        reader.End();
        if (instance is null)
        {
            return null;
        }

        // Without a name of its own a metric is called as its instance, as in Mixer.
        string full = PrometheusName.Of(prefix.Length > 0 ? $"{prefix}_{name?.Text ?? instance.Text}" : name?.Text ?? instance.Text);
        if (!PrometheusName.IsMetric(full))
        {
            reader.Fail((name ?? instance).Place, $"\"{full}\" is no name that Prometheus allows: letters, digits, '_' and ':', no digit first.");
        }

        return new PrometheusMetric(
            instance.Text, full, help, new MetricDefinition(kind, buckets) { IdleTime = idleTime, MaxSeries = maxSeries }, labels);
    }

    private static IEnumerable<string> ReadLabels(ParameterReader reader, MetricKind kind)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (ScalarNode label in reader.TextList("label_names"))
        {
            string name = PrometheusName.Of(label.Text);
            if (!PrometheusName.IsLabel(name) || (name == "le" && kind == MetricKind.Distribution))
            {
                reader.Fail(label.Place, $"\"labelNames\": {label.Describe()} is no name of a label that Prometheus allows.");
            }
            else if (!seen.Add(name))
            {
                reader.Fail(label.Place, $"\"labelNames\": the label \"{name}\" stands here twice.");
            }

            yield return label.Text;
        }
    }

    private static ScrapeAddress ReadAddress(ParameterReader reader)
    {
        ScalarNode? text = reader.Field("address") is null ? null : reader.RequiredText("address");
        if (text is null)
        {
            return new ScrapeAddress("*", DefaultPort);
        }

        int colon = text.Text.LastIndexOf(':');
        string host = colon > 0 ? text.Text[..colon] : "*";
        if (colon < 0 || !ushort.TryParse(text.Text[(colon + 1)..], out ushort port) || port == 0 || Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.Unknown && host != "*")
        {
            reader.Fail(text.Place, $"\"address\": expected host:port or :port, found {text.Describe()}.");
            return new ScrapeAddress("*", DefaultPort);
        }

        return new ScrapeAddress(host == "0.0.0.0" ? "*" : host, port);
    }

    private static string? CheckInstance(object parameters, Instance instance)
    {
        if (((PrometheusSettings)parameters).Find(instance) is not { } metric)
        {
            return $"The handler has no metric for the instance \"{instance.FullName}\": add one with \"instanceName: {instance.FullName}\".";
        }

        string[] dimensions = [.. instance.Fields.Where(field => field.Path == "dimensions").Select(field => field.Key!)];
        string[] missing = [.. metric.Dimensions.Except(dimensions)];
        string[] unknown = [.. dimensions.Except(metric.Dimensions)];
        return missing.Length + unknown.Length == 0
            ? MetricInstance.Problem(instance)
            : $"The labels of the metric \"{metric.Name}\" must be the dimensions of \"{instance.FullName}\":"
              + (missing.Length > 0 ? $" no dimension \"{missing[0]}\"" : "")
              + (missing.Length > 0 && unknown.Length > 0 ? "," : "")
              + (unknown.Length > 0 ? $" no label \"{unknown[0]}\"" : "") + ".";
    }
}
