using System.Text.Json;
using FastMixer.Adapters.Values;
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

    /// <summary>Writes one line.</summary>
    public void Write(PooledBuffer lines, InstanceValues values, RecordLayout layout, Level level, TimeProvider time)
    {
        _json ??= new Utf8JsonWriter(lines, Options);
        _json.Reset(lines);
        _json.WriteStartObject();
        _json.WriteString("level"u8, LevelNames[(int)level]);
        long moment = layout.Timestamp >= 0 ? values.GetInt64(layout.Timestamp) : Now(time);
        _json.WriteString("time"u8, TimestampText.Format(moment));
        _json.WriteString("instance"u8, values.Instance.Utf8Name.Span);
        if (layout.Value >= 0)
        {
            _json.WritePropertyName("value"u8);
            FieldJson.WriteValue(_json, values, layout.Value);
        }

        foreach (int field in layout.Variables)
        {
            _json.WritePropertyName(values.Instance.Fields[field].Utf8Name.Span);
            FieldJson.WriteValue(_json, values, field);
        }

        _json.WriteEndObject();
        _json.Flush();
        lines.Write("\n"u8);
    }

    private static long Now(TimeProvider time) => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;
}
