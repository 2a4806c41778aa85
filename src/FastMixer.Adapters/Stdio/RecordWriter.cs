using System.Text.Json;
using FastMixer.Adapters.Values;
using FastMixer.Engine.Reports.Delivery;
using FastMixer.Policy.Language;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Adapters.Stdio;

/// <summary>Writes records as JSON lines: level, time, instance, value, then the variables in the order of their names.</summary>
internal sealed class RecordWriter
{
    private const long NanosecondsPerTick = 100;

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly string[] LevelNames = ["info", "warning", "error"];

    private Utf8JsonWriter? _json;

    /// <summary>Writes one line, with a level, or else the severity as it came.</summary>
    public void Write(PooledBuffer lines, ReportRecord record, RecordLayout layout, Level? level, TimeProvider time)
    {
        EncodedFields values = record.Fields;
        _json ??= new Utf8JsonWriter(lines, Options);
        _json.Reset(lines);
        _json.WriteStartObject();
        if (level is { } known)
        {
            _json.WriteString("level"u8, LevelNames[(int)known]);
        }
        else if (layout.Severity >= 0)
        {
            _json.WriteString("severity"u8, values.GetBytes(layout.Severity));
        }

        long moment = layout.Timestamp >= 0 ? values.GetInt64(layout.Timestamp) : Now(time);
        _json.WriteString("time"u8, TimestampText.Format(moment));
        _json.WriteString("instance"u8, record.Instance.Utf8Name.Span);
        if (layout.Value >= 0)
        {
            _json.WritePropertyName("value"u8);
            FieldJson.WriteValue(_json, values, layout.Value);
        }

        foreach (int field in layout.Variables)
        {
            _json.WritePropertyName(values[field].Utf8Name.Span);
            FieldJson.WriteValue(_json, values, field);
        }

        _json.WriteEndObject();
        _json.Flush();
        lines.Write("\n"u8);
    }

    private static long Now(TimeProvider time) => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;
}
