using FastMixer.Engine.Handlers;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Adapters.Fluentd;

/// <summary>Sends log entries to a server that speaks Fluentd's forward protocol: Fluentd, Fluent Bit, OpenTelemetry's collector.</summary>
public sealed class FluentdAdapter : Adapter
{
    private const int DefaultPort = 24224;
    private const int DefaultRecords = 1024;
    private const int DefaultChunkBytes = 8 * 1024 * 1024;
    private const int MostRecords = 1_000_000;
    private const int LeastChunkBytes = 1024;
    private const int MostChunkBytes = 64 * 1024 * 1024;

    private static readonly TimeSpan LeastTimeout = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MostTime = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public override AdapterDescriptor Descriptor { get; } = new("fluentd", ["logentry"], ReadParameters) { CheckInstance = CheckInstance };

    /// <inheritdoc/>
    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services) =>
        new FluentdHandler((FluentdSettings)definition.Parameters, services.Time);

    private static FluentdSettings ReadParameters(ParameterReader reader) => new(
        BackendAddress.Read(reader, DefaultPort),
        reader.Bool("integer_duration", false),
        reader.Int32("instance_buffer_size", DefaultRecords, 1, MostRecords),
        reader.Int32("max_batch_size_bytes", DefaultChunkBytes, LeastChunkBytes, MostChunkBytes),
        ReadTime(reader, "push_interval_duration", TimeSpan.Zero),
        ReadTime(reader, "push_timeout_duration", LeastTimeout));

    private static TimeSpan ReadTime(ParameterReader reader, string name, TimeSpan least)
    {
        TimeSpan otherwise = TimeSpan.FromMinutes(1);
        TimeSpan time = reader.Duration(name, otherwise);
        if (time >= least && time <= MostTime)
        {
            return time;
        }

        reader.Fail(reader.Field(name)!.Value.Place, $"\"{name}\": expected a duration from {least.TotalMilliseconds}ms to 1h.");
        return otherwise;
    }

    private static string? CheckInstance(object parameters, Instance instance)
    {
        int tag = instance.IndexOf("variables", EntryLayout.TagVariable);
        return tag < 0 || instance.Fields[tag].Type.IsText()
            ? null
            : $"The variable \"tag\" of \"{instance.FullName}\" is Fluentd's tag: expected text, found {instance.Fields[tag].Type.Name()}.";
    }
}
