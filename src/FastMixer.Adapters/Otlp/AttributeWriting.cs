using FastMixer.Engine.Reports.Delivery;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Adapters.Otlp;

/// <summary>
/// Writes attributes, <c>KeyValue</c> with an <c>AnyValue</c> (opentelemetry-proto, common/v1): INT64, DOUBLE, BOOL, BYTES and maps are what they are,
/// everything else is text.
/// </summary>
internal static class AttributeWriting
{
    private const int Key = 1;
    private const int Value = 2;
    private const int TextValue = 1;
    private const int BoolValue = 2;
    private const int IntValue = 3;
    private const int DoubleValue = 4;
    private const int MapValue = 6;
    private const int BytesValue = 7;

    /// <summary>Writes an attribute that is text.</summary>
    public static void WriteText(ProtobufWriter writer, int field, ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        int pair = writer.Begin(field);
        writer.WriteBytes(Key, name);
        int value = writer.Begin(Value);
        writer.WriteBytes(TextValue, text);
        writer.End(value);
        writer.End(pair);
    }

    /// <summary>Writes a value of fields as an attribute.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="field">The field of the message that has the attributes.</param>
    /// <param name="name">The attribute's name.</param>
    /// <param name="fields">The fields.</param>
    /// <param name="index">Which of them.</param>
    /// <param name="scratch">Takes text on its way.</param>
    public static void Write(
        ProtobufWriter writer, int field, ReadOnlySpan<byte> name, EncodedFields fields, int index, PooledBuffer scratch)
    {
        int pair = writer.Begin(field);
        writer.WriteBytes(Key, name);
        int value = writer.Begin(Value);
        switch (fields[index].Type)
        {
            case AttributeType.Bool:
                writer.WriteVarint(BoolValue, fields.GetInt64(index));
                break;
            case AttributeType.Int64:
                writer.WriteVarint(IntValue, fields.GetInt64(index));
                break;
            case AttributeType.Double:
                writer.WriteDouble(DoubleValue, fields.GetDouble(index));
                break;
            case AttributeType.Bytes:
                writer.WriteBytes(BytesValue, fields.GetBytes(index));
                break;
            case AttributeType.StringMap:
                int map = writer.Begin(MapValue);
                WriteMap(writer, fields.GetMap(index));
                writer.End(map);
                break;
            default:
                scratch.Reset();
                FieldText.Write(fields, index, scratch);
                writer.WriteBytes(TextValue, scratch.Written);
                break;
        }

        writer.End(value);
        writer.End(pair);
    }

    private static void WriteMap(ProtobufWriter writer, InstanceValues.MapEnumerator map)
    {
        while (map.MoveNext())
        {
            WriteText(writer, 1, map.Key, map.Value);
        }
    }
}
