using System.Text.Json;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Templates;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Adapters.Values;

/// <summary>
/// Values of fields as JSON: numbers and booleans as they are, text, times, durations and addresses as strings, a map as an object.
/// </summary>
internal static class FieldJson
{
    /// <summary>
    /// Writes an instance as an object of all the fields of its template, those of nested messages in objects of their own. A field that the
    /// instance leaves out is an empty string, an empty object or, where it is no text, null.
    /// </summary>
    /// <param name="json">Takes the object.</param>
    /// <param name="values">The instance's fields.</param>
    public static void WriteInstance(Utf8JsonWriter json, InstanceValues values)
    {
        string? open = null;
        json.WriteStartObject();
        foreach (TemplateField field in values.Instance.Template.Fields)
        {
            int dot = field.Path.IndexOf('.', StringComparison.Ordinal);
            string? message = dot < 0 ? null : field.Path[..dot];
            if (message != open && open is not null)
            {
                json.WriteEndObject();
            }

            if (message != open && message is not null)
            {
                json.WriteStartObject(message);
            }

            open = message;
            json.WritePropertyName(field.Path.AsSpan(dot + 1));
            WriteField(json, values, field);
        }

        if (open is not null)
        {
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Writes one value.</summary>
    /// <param name="json">Takes the value.</param>
    /// <param name="values">The instance's fields.</param>
    /// <param name="field">The field's index, not below 0.</param>
    public static void WriteValue(Utf8JsonWriter json, InstanceValues values, int field)
    {
        AttributeType type = values.Instance.Fields[field].Type;
        if (type == AttributeType.StringMap)
        {
            WriteMap(json, values.GetMap(field));
        }
        else
        {
            WriteValue(json, type, values.GetInt64(field), values.GetBytes(field).Span);
        }
    }

    /// <summary>Writes one value of a record.</summary>
    /// <param name="json">Takes the value.</param>
    /// <param name="values">The record's fields.</param>
    /// <param name="field">The field's index, not below 0.</param>
    public static void WriteValue(Utf8JsonWriter json, EncodedFields values, int field)
    {
        AttributeType type = values[field].Type;
        if (type == AttributeType.StringMap)
        {
            WriteMap(json, values.GetMap(field));
        }
        else
        {
            bool hasBytes = type.IsText() || type is AttributeType.Bytes or AttributeType.IpAddress;
            WriteValue(json, type, values.GetInt64(field), hasBytes ? values.GetBytes(field) : default);
        }
    }

    private static void WriteValue(Utf8JsonWriter json, AttributeType type, long number, ReadOnlySpan<byte> bytes)
    {
        switch (type)
        {
            case AttributeType.Bool:
                json.WriteBooleanValue(number != 0);
                break;
            case AttributeType.Int64:
                json.WriteNumberValue(number);
                break;
            case AttributeType.Double when double.IsFinite(BitConverter.Int64BitsToDouble(number)):
                json.WriteNumberValue(BitConverter.Int64BitsToDouble(number));
                break;
            default:
                if (type.IsText())
                {
                    json.WriteStringValue(bytes);
                }
                else
                {
                    json.WriteStringValue(FieldText.Format(type, number, bytes));
                }

                break;
        }
    }

    private static void WriteField(Utf8JsonWriter json, InstanceValues values, TemplateField field)
    {
        int index = values.Instance.IndexOf(field.Path);
        if (field.Shape == FieldShape.Map)
        {
            WriteNamed(json, values, field.Path);
        }
        else if (index >= 0)
        {
            WriteValue(json, values, index);
        }
        else if (field.Shape == FieldShape.Any || field.Type.IsText())
        {
            json.WriteStringValue(""u8);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private static void WriteNamed(Utf8JsonWriter json, InstanceValues values, string path)
    {
        json.WriteStartObject();
        for (int i = 0; i < values.Count; i++)
        {
            if (values.Instance.Fields[i].Path == path)
            {
                json.WritePropertyName(values.Instance.Fields[i].Utf8Name.Span);
                WriteValue(json, values, i);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteMap(Utf8JsonWriter json, InstanceValues.MapEnumerator map)
    {
        json.WriteStartObject();
        while (map.MoveNext())
        {
            json.WriteString(map.Key, map.Value);
        }

        json.WriteEndObject();
    }
}
