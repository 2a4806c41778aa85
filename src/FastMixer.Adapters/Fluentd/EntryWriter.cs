using System.Buffers.Binary;
using System.Net;
using FastMixer.Engine.Reports.Delivery;
using FastMixer.Policy.Language;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Buffers;
using MessagePack;

namespace FastMixer.Adapters.Fluentd;

/// <summary>
/// Writes entries of Fluentd's forward protocol, v1 (github.com/fluent/fluentd/wiki/Forward-Protocol-Specification-v1): <c>[time, record]</c>, the time
/// with nanoseconds. Values are as <c>stdio</c> has them: numbers and bools are such, everything else is text, maps are maps.
/// </summary>
internal sealed class EntryWriter(bool integerDuration, TimeProvider time)
{
    private const sbyte EventTime = 0;
    private const int EventTimeBytes = 8;
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long NanosecondsPerMillisecond = 1_000_000;
    private const long NanosecondsPerTick = 100;

    /// <summary>Writes an entry.</summary>
    public void Write(PooledBuffer output, ReportRecord record, EntryLayout layout)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(2);
        WriteTime(ref writer, layout.Timestamp >= 0 ? record.Fields.GetInt64(layout.Timestamp) : Now());
        writer.WriteMapHeader(layout.Variables.Count + 1);
        for (int i = 0; i < layout.Variables.Count; i++)
        {
            int field = layout.Variables[i];
            writer.WriteString(record.Fields[field].Utf8Name.Span);
            WriteValue(ref writer, record.Fields, field);
        }

        writer.WriteString("severity"u8);
        writer.WriteString(layout.Severity < 0 ? default : record.Fields.GetBytes(layout.Severity));
        writer.Flush();
    }

    // Seconds since 1970 and nanoseconds, 32 bits each: what is before or after stays at the ends.
    private static void WriteTime(ref MessagePackWriter writer, long nanoseconds)
    {
        nanoseconds = Math.Clamp(nanoseconds, 0, (uint.MaxValue * NanosecondsPerSecond) + NanosecondsPerSecond - 1);
        writer.WriteExtensionFormatHeader(new ExtensionHeader(EventTime, EventTimeBytes));
        Span<byte> bytes = writer.GetSpan(EventTimeBytes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)(nanoseconds / NanosecondsPerSecond));
        BinaryPrimitives.WriteUInt32BigEndian(bytes[sizeof(uint)..], (uint)(nanoseconds % NanosecondsPerSecond));
        writer.Advance(EventTimeBytes);
    }

    private void WriteValue(ref MessagePackWriter writer, EncodedFields fields, int field)
    {
        switch (fields[field].Type)
        {
            case AttributeType.Bool:
                writer.Write(fields.GetBool(field));
                break;
            case AttributeType.Int64:
                writer.Write(fields.GetInt64(field));
                break;
            case AttributeType.Double:
                writer.Write(fields.GetDouble(field));
                break;
            case AttributeType.Duration when integerDuration:
                writer.Write(fields.GetInt64(field) / NanosecondsPerMillisecond);
                break;
            case AttributeType.Duration:
                writer.Write(DurationText.Format(fields.GetInt64(field)));
                break;
            case AttributeType.Timestamp:
                writer.Write(TimestampText.Format(fields.GetInt64(field)));
                break;
            case AttributeType.IpAddress:
                ReadOnlySpan<byte> address = fields.GetBytes(field);
                writer.Write(address.Length is 4 or 16 ? new IPAddress(address).ToString() : "");
                break;
            case AttributeType.Bytes:
                writer.Write(Convert.ToBase64String(fields.GetBytes(field)));
                break;
            case AttributeType.StringMap:
                WriteMap(ref writer, fields.GetMap(field), fields.GetMap(field));
                break;
            default:
                writer.WriteString(fields.GetBytes(field));
                break;
        }
    }

    // Twice the same: to count, and to write.
    private static void WriteMap(ref MessagePackWriter writer, InstanceValues.MapEnumerator counted, InstanceValues.MapEnumerator map)
    {
        int count = 0;
        while (counted.MoveNext())
        {
            count++;
        }

        writer.WriteMapHeader(count);
        while (map.MoveNext())
        {
            writer.WriteString(map.Key);
            writer.WriteString(map.Value);
        }
    }

    private long Now() => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;
}
