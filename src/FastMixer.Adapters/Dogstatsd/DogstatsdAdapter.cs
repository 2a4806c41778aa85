using System.Text;
using FastMixer.Adapters.Statsd;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports.Metrics;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;

namespace FastMixer.Adapters.Dogstatsd;

/// <summary>Sends metrics to Datadog's agent over UDP: statsd's lines, with dimensions as tags.</summary>
public sealed class DogstatsdAdapter : Adapter
{
    // Datadog's advice: what fits into one frame of an Ethernet whose tunnels take their part.
    private const int DefaultDatagramBytes = 1432;

    /// <inheritdoc/>
    public override AdapterDescriptor Descriptor { get; } = new("dogstatsd", ["metric"], ReadParameters) { CheckInstance = StatsdParameters.CheckInstance };

    /// <inheritdoc/>
    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services) =>
        new StatsdHandler((StatsdSettings)definition.Parameters);

    private static StatsdSettings ReadParameters(ParameterReader reader)
    {
        string prefix = reader.Text("prefix", "istio.");
        string[] globalTags = [.. ReadTags(reader, "global_tags")];
        int lines = reader.Int32("buffer_length", 0, 0, int.MaxValue);
        return new StatsdSettings(
            Dialect.Dogstatsd,
            BackendAddress.Read(reader, StatsdParameters.DefaultPort),
            StatsdParameters.ReadPacking(reader, DefaultDatagramBytes, lines == 0 ? int.MaxValue : lines),
            StatsdParameters.ReadInterval(reader),
            StatsdParameters.ReadRate(reader, "sample_rate"),
            StatsdParameters.ReadMaxSeries(reader),
            StatsdParameters.ReadMetrics(reader, (instance, kind, metric) => ReadMetric(prefix, globalTags, instance, kind, metric)));
    }

    private static StatsdMetric ReadMetric(string prefix, string[] globalTags, string instance, MetricKind kind, ParameterReader reader)
    {
        string name = reader.Text("name", instance);
        string tags = string.Join(',', globalTags.Concat(ReadTags(reader, "tags")));
        return new StatsdMetric(instance, kind, NameTemplate.Constant(prefix + name), Encoding.UTF8.GetBytes(tags));
    }

    private static IEnumerable<string> ReadTags(ParameterReader reader, string name)
    {
        foreach (ConfigField field in reader.Map(name))
        {
            if (field.Value is ScalarNode value)
            {
                yield return $"{StatsdText.CleanName(field.Name)}:{StatsdText.CleanTag(value.Text)}";
            }
            else
            {
                reader.Fail(field.Value.Place, $"\"{name}\": expected a text for \"{field.Name}\", found {field.Value.Describe()}.");
            }
        }
    }
}
