using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports.Metrics;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;

namespace FastMixer.Adapters.Otlp;

/// <summary>Sends metrics, logs and spans to whatever speaks OpenTelemetry's protocol: its collector, and most stores of telemetry.</summary>
public sealed class OtlpAdapter : Adapter
{
    private const string DefaultEndpoint = "http://localhost:4318";
    private const int DefaultRequestBytes = 4 * 1024 * 1024;
    private const int LeastRequestBytes = 64 * 1024;
    private const int MostRequestBytes = 64 * 1024 * 1024;
    private const int MostSeries = 10_000_000;

    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DefaultDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastInterval = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MostInterval = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public override AdapterDescriptor Descriptor { get; } =
        new("otlp", ["logentry", "metric", "tracespan"], ReadParameters) { CheckInstance = CheckInstance };

    /// <inheritdoc/>
    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services) =>
        new OtlpHandler((OtlpSettings)definition.Parameters, services.Time);

    private static OtlpSettings ReadParameters(ParameterReader reader)
    {
        int maxSeries = reader.Int32("max_series", new MetricDefinition(MetricKind.Counter).MaxSeries, 1, MostSeries);
        return new OtlpSettings(
            ReadEndpoint(reader),
            ReadHeaders(reader),
            reader.Choice("compression", Compression.None),
            reader.Int32("max_request_bytes", DefaultRequestBytes, LeastRequestBytes, MostRequestBytes),
            ReadResource(reader),
            ReadTime(reader, "export_interval", DefaultInterval, LeastInterval),
            ReadTime(reader, "batch_delay", DefaultDelay, TimeSpan.Zero),
            ReadMetrics(reader, maxSeries));
    }

    private static Uri ReadEndpoint(ParameterReader reader)
    {
        ScalarNode? text = reader.Field("endpoint") is null ? null : reader.RequiredText("endpoint");
        string address = (text?.Text ?? DefaultEndpoint).TrimEnd('/') + "/";
        if (Uri.TryCreate(address, UriKind.Absolute, out Uri? endpoint)
            && endpoint.Scheme is "http" or "https"
            && endpoint is { Query: "", Fragment: "", UserInfo: "" })
        {
            return endpoint;
        }

        reader.Fail(text!.Place, $"\"endpoint\": expected an address such as {DefaultEndpoint}, without the path of a signal, found {text.Describe()}.");
        return new Uri(DefaultEndpoint);
    }

    private static KeyValuePair<string, string>[] ReadHeaders(ParameterReader reader)
    {
        using var probe = new HttpRequestMessage();
        KeyValuePair<string, string>[] headers = [.. ReadTexts(reader, "headers")];
        foreach ((string name, string value) in headers)
        {
            if (value.Any(char.IsControl) || !probe.Headers.TryAddWithoutValidation(name, value))
            {
                reader.Fail(
                    reader.Field("headers")!.Place, $"\"headers\": \"{name}\" is no header of a request that can be set, or its value has control characters.");
            }
        }

        return headers;
    }

    // Whoever sends must be named: without a name backends call it unknown.
    private static KeyValuePair<string, string>[] ReadResource(ParameterReader reader)
    {
        const string ServiceName = "service.name";
        KeyValuePair<string, string>[] attributes = [.. ReadTexts(reader, "resource_attributes")];
        return Array.Exists(attributes, pair => pair.Key == ServiceName)
            ? attributes
            : [KeyValuePair.Create(ServiceName, "fastmixer"), .. attributes];
    }

    private static IEnumerable<KeyValuePair<string, string>> ReadTexts(ParameterReader reader, string name)
    {
        foreach (ConfigField field in reader.Map(name))
        {
            if (field.Value is ScalarNode value)
            {
                yield return KeyValuePair.Create(field.Name, value.Text);
            }
            else
            {
                reader.Fail(field.Value.Place, $"\"{name}\": expected a text for \"{field.Name}\", found {field.Value.Describe()}.");
            }
        }
    }

    private static TimeSpan ReadTime(ParameterReader reader, string name, TimeSpan otherwise, TimeSpan least)
    {
        TimeSpan time = reader.Duration(name, otherwise);
        if (time >= least && time <= MostInterval)
        {
            return time;
        }

        reader.Fail(reader.Field(name)!.Value.Place, $"\"{name}\": expected a duration from {least.TotalMilliseconds}ms to 1h.");
        return otherwise;
    }

    private static List<OtlpMetric> ReadMetrics(ParameterReader reader, int maxSeries)
    {
        var metrics = new List<OtlpMetric>();
        foreach (ParameterReader item in reader.ObjectList("metrics"))
        {
            if (ReadMetric(item, maxSeries) is { } metric)
            {
                if (metrics.Exists(known => known.InstanceName == metric.InstanceName))
                {
                    item.Fail(item.Place, $"The metric of the instance \"{metric.InstanceName}\" stands here twice.");
                }

                metrics.Add(metric);
            }
        }

        return metrics;
    }

    private static OtlpMetric? ReadMetric(ParameterReader reader, int maxSeries)
    {
        ScalarNode? instance = reader.RequiredText("instance_name");
        string name = reader.Text("name", instance?.Text ?? "");
        string description = reader.Text("description");
        string? unit = reader.Field("unit") is null ? null : reader.Text("unit");
        MetricKind kind = reader.RequiredText("kind") is null ? MetricKind.Counter : reader.Choice("kind", MetricKind.Counter);
        BucketBounds? buckets = kind == MetricKind.Distribution ? BucketParameters.Read(reader) : null;
        reader.End();
        return instance is null
            ? null
            : new OtlpMetric(instance.Text, name, description, unit, new MetricDefinition(kind, buckets) { MaxSeries = maxSeries });
    }

    private static string? CheckInstance(object parameters, Instance instance) => instance.Template.Name switch
    {
        "metric" when ((OtlpSettings)parameters).Find(instance) is null =>
            $"The handler has no metric for the instance \"{instance.FullName}\": add one with \"instanceName: {instance.FullName}\".",
        "metric" => MetricInstance.Problem(instance),
        "tracespan" when instance.IndexOf("trace_id") < 0 || instance.IndexOf("span_id") < 0 =>
            $"\"{instance.FullName}\" needs \"trace_id\" and \"span_id\": without both there is no span.",
        _ => null,
    };
}
