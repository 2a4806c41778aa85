using System.Text.Json;
using FastMixer.Policy.Language.Explanation;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Cli.Output;

/// <summary>Prints values of expressions, and what was looked up for them.</summary>
internal static class ValuePrinter
{
    /// <summary>A value for people: text in quotes, all else as it is written.</summary>
    /// <param name="value">The value.</param>
    public static string Text(ExpressionValue value) =>
        Printable.Line(value.Value is string text ? $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : value.ToString());

    /// <summary>A look-up for people: <c>name[key] (exact)</c>.</summary>
    /// <param name="lookup">The look-up.</param>
    public static string Text(LookedUp lookup) =>
        $"{Printable.Line(lookup.Key is null ? lookup.Name : $"{lookup.Name}[{lookup.Key}]")} ({(lookup.Present ? "exact" : "absence")})";

    /// <summary>A value as its JSON type; what JSON has no type for, as its text.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="value">The value.</param>
    public static void Write(Utf8JsonWriter json, ExpressionValue value)
    {
        switch (value.Value)
        {
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case long number when value.Type == AttributeType.Int64:
                json.WriteNumberValue(number);
                break;
            case IReadOnlyDictionary<string, string> map:
                json.WriteStartObject();
                foreach ((string key, string entry) in map)
                {
                    json.WriteString(key, entry);
                }

                json.WriteEndObject();
                break;
            default:
                json.WriteStringValue(value.ToString());
                break;
        }
    }

    /// <summary>Look-ups as the property <c>referenced</c>: a name, a key where it is about one, and a condition.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="lookups">The look-ups.</param>
    public static void WriteReferenced(Utf8JsonWriter json, IEnumerable<LookedUp> lookups)
    {
        json.WriteStartArray("referenced");
        foreach (LookedUp lookup in lookups)
        {
            json.WriteStartObject();
            json.WriteString("name", lookup.Name);
            if (lookup.Key is not null)
            {
                json.WriteString("key", lookup.Key);
            }

            json.WriteString("condition", lookup.Present ? "EXACT" : "ABSENCE");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
