using System.Net;
using System.Text.Json;
using FastMixer.Engine.Reports.Delivery;
using FastMixer.Policy.Language;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;
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
            WriteValue(values, layout.Value);
        }

        foreach (int field in layout.Variables)
        {
            _json.WritePropertyName(values[field].Utf8Name.Span);
            WriteValue(values, field);
        }

        _json.WriteEndObject();
        _json.Flush();
        lines.Write("\n"u8);
    }

    private void WriteValue(EncodedFields values, int field)
    {
        switch (values[field].Type)
        {
            case AttributeType.Bool:
                _json!.WriteBooleanValue(values.GetBool(field));
                break;
            case AttributeType.Int64:
                _json!.WriteNumberValue(values.GetInt64(field));
                break;
            case AttributeType.Double:
                WriteDouble(values.GetDouble(field));
                break;
            case AttributeType.Timestamp:
                _json!.WriteStringValue(TimestampText.Format(values.GetInt64(field)));
                break;
            case AttributeType.Duration:
                _json!.WriteStringValue(DurationText.Format(values.GetInt64(field)));
                break;
            case AttributeType.IpAddress:
                _json!.WriteStringValue(new IPAddress(values.GetBytes(field)).ToString());
                break;
            case AttributeType.Bytes:
                _json!.WriteBase64StringValue(values.GetBytes(field));
                break;
            case AttributeType.StringMap:
                WriteMap(values.GetMap(field));
                break;
            default:
                _json!.WriteStringValue(values.GetBytes(field));
                break;
        }
    }

    // JSON has no number for these.
    private void WriteDouble(double number)
    {
        if (double.IsFinite(number))
        {
            _json!.WriteNumberValue(number);
        }
        else
        {
            _json!.WriteStringValue(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
        }
    }

    private void WriteMap(InstanceValues.MapEnumerator map)
    {
        _json!.WriteStartObject();
        while (map.MoveNext())
        {
            _json.WriteString(map.Key, map.Value);
        }

        _json.WriteEndObject();
    }

    private static long Now(TimeProvider time) => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;
}
