using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports.Metrics;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;

namespace FastMixer.Adapters.Statsd;

/// <summary>Sends metrics to a statsd daemon over UDP.</summary>
public sealed class StatsdAdapter : Adapter
{
    private const int DefaultDatagramBytes = 512;

    /// <inheritdoc/>
    public override AdapterDescriptor Descriptor { get; } = new("statsd", ["metric"], ReadParameters) { CheckInstance = StatsdParameters.CheckInstance };

    /// <inheritdoc/>
    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services) =>
        new StatsdHandler((StatsdSettings)definition.Parameters);

    private static StatsdSettings ReadParameters(ParameterReader reader)
    {
        string prefix = reader.Text("prefix");
        prefix = prefix.Length == 0 || prefix.EndsWith('.') ? prefix : prefix + ".";
        return new StatsdSettings(
            Dialect.Statsd,
            BackendAddress.Read(reader, StatsdParameters.DefaultPort),
            StatsdParameters.ReadPacking(reader, DefaultDatagramBytes),
            StatsdParameters.ReadInterval(reader),
            StatsdParameters.ReadRate(reader, "sampling_rate"),
            StatsdParameters.ReadMaxSeries(reader),
            StatsdParameters.ReadMetrics(reader, (instance, kind, metric) => ReadMetric(prefix, instance, kind, metric)));
    }

    private static StatsdMetric ReadMetric(string prefix, string instance, MetricKind kind, ParameterReader reader)
    {
        string template = reader.Text("name_template");
        if (template.Length == 0)
        {
            return new StatsdMetric(instance, kind, NameTemplate.Constant(prefix + instance), default);
        }

        NameTemplate name = NameTemplate.Parse(prefix, template, out string? problem);
        if (problem is not null)
        {
            reader.Fail(reader.Field("name_template")!.Value.Place, $"\"name_template\": {problem}");
        }

        return new StatsdMetric(instance, kind, name, default);
    }
}
