using System.Text;
using FastMixer.Engine.Reports.Delivery;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Adapters.Otlp;

/// <summary>Encodes log entries as log records (opentelemetry-proto, logs/v1): variables are attributes, the instance's name is the event's.</summary>
internal sealed class LogEncoder(TimeProvider time) : IRecordEncoder, IDisposable
{
    private const long NanosecondsPerTick = 100;

    // The numbers of the specification's log data model, and its table for the names of syslog.
    private static readonly (string Name, int Number)[] Severities =
    [
        ("trace", 1), ("debug", 5), ("info", 9), ("information", 9), ("notice", 10), ("warn", 13), ("warning", 13), ("error", 17), ("err", 17),
        ("critical", 18), ("alert", 19), ("emergency", 21), ("fatal", 21),
    ];

    private readonly PooledBuffer _text = new();

    // By name: a handler outlives the configuration that its instances came from, but not a change of them.
    private readonly Dictionary<string, Layout> _layouts = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Template => "logentry";

    /// <inheritdoc/>
    public Signal Signal => Signal.Logs;

    /// <inheritdoc/>
    public bool TryWrite(ReportRecord record, ProtobufWriter writer)
    {
        Layout layout = LayoutOf(record.Instance);
        long now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;
        writer.WriteFixed64(1, layout.Timestamp < 0 ? now : Math.Max(0, record.Fields.GetInt64(layout.Timestamp)));
        writer.WriteFixed64(11, now);
        if (layout.Severity >= 0)
        {
            ReadOnlySpan<byte> severity = record.Fields.GetBytes(layout.Severity);
            writer.WriteVarint(2, NumberOf(severity));
            writer.WriteBytes(3, severity);
        }

        int body = writer.Begin(5);
        writer.WriteBytes(1, layout.Message < 0 ? record.Instance.Utf8Name.Span : record.Fields.GetBytes(layout.Message));
        writer.End(body);
        for (int i = 0; i < layout.Variables.Length; i++)
        {
            int field = layout.Variables[i];
            AttributeWriting.Write(writer, 6, record.Fields[field].Utf8Name.Span, record.Fields, field, _text);
        }

        writer.WriteBytes(12, record.Instance.Utf8Name.Span);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _text.Dispose();

    private static int NumberOf(ReadOnlySpan<byte> severity)
    {
        foreach ((string name, int number) in Severities)
        {
            if (Ascii.EqualsIgnoreCase(severity, name))
            {
                return number;
            }
        }

        return 0;
    }

    private Layout LayoutOf(Instance instance)
    {
        if (!_layouts.TryGetValue(instance.FullName, out Layout? layout))
        {
            int message = instance.IndexOf("variables", "message");
            message = message >= 0 && instance.Fields[message].Type.IsText() ? message : -1;
            int[] variables =
            [
                .. Enumerable.Range(0, instance.Fields.Count).Where(field => instance.Fields[field].Path == "variables" && field != message),
            ];
            layout = new Layout(instance.IndexOf("timestamp"), instance.IndexOf("severity"), message, variables);
            _layouts.Add(instance.FullName, layout);
        }

        return layout;
    }

    // Fields by their index, −1 for one that is not there. A variable "message" that is text is the body.
    private sealed record Layout(int Timestamp, int Severity, int Message, int[] Variables);
}
