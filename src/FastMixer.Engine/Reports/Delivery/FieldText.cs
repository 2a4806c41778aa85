using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text;
using FastMixer.Policy.Language;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Engine.Reports.Delivery;

/// <summary>
/// Fields as text: numbers in decimal, <c>true</c> and <c>false</c>, timestamps by RFC 3339, durations as in expressions (<c>1.5s</c>), addresses as
/// they are written, BYTES in base 64, maps as <c>key=value</c> joined by commas. Text is written as it is.
/// </summary>
public static class FieldText
{
    private const int LongestNumber = 32;

    /// <summary>Writes a field. Texts, numbers and bools allocate nothing.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="field">Its index; −1 for one that the configuration leaves out, which has no text.</param>
    /// <param name="output">Where to.</param>
    public static void Write(EncodedFields fields, int field, IBufferWriter<byte> output)
    {
        if (field < 0)
        {
            return;
        }

        switch (fields[field].Type)
        {
            case AttributeType.Bool:
                output.Write(fields.GetBool(field) ? "true"u8 : "false"u8);
                break;
            case AttributeType.Int64:
                Utf8Formatter.TryFormat(fields.GetInt64(field), output.GetSpan(LongestNumber), out int written);
                output.Advance(written);
                break;
            case AttributeType.Double:
                fields.GetDouble(field).TryFormat(output.GetSpan(LongestNumber), out written, default, CultureInfo.InvariantCulture);
                output.Advance(written);
                break;
            case AttributeType.Timestamp:
                Write(TimestampText.Format(fields.GetInt64(field)), output);
                break;
            case AttributeType.Duration:
                Write(DurationText.Format(fields.GetInt64(field)), output);
                break;
            case AttributeType.IpAddress:
                ReadOnlySpan<byte> address = fields.GetBytes(field);
                Write(address.Length is 4 or 16 ? new IPAddress(address).ToString() : "", output);
                break;
            case AttributeType.Bytes:
                Write(Convert.ToBase64String(fields.GetBytes(field)), output);
                break;
            case AttributeType.StringMap:
                WriteMap(fields.GetMap(field), output);
                break;
            default:
                output.Write(fields.GetBytes(field));
                break;
        }
    }

    private static void WriteMap(InstanceValues.MapEnumerator map, IBufferWriter<byte> output)
    {
        for (bool first = true; map.MoveNext(); first = false)
        {
            output.Write(first ? ""u8 : ","u8);
            output.Write(map.Key);
            output.Write("="u8);
            output.Write(map.Value);
        }
    }

    private static void Write(string text, IBufferWriter<byte> output) => Encoding.UTF8.GetBytes(text, output);
}
