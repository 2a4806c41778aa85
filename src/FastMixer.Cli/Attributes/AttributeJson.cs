using System.Text.Json;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Cli.Attributes;

/// <summary>Values of attributes as JSON, for each type. Types are not converted: a number in quotes is no INT64.</summary>
internal static class AttributeJson
{
    // As much of a wrong value as an error shows.
    private const int MostFoundChars = 60;

    /// <summary>How JSON is read: RFC 8259, and no name twice in an object.</summary>
    public static JsonDocumentOptions Strict { get; } = new() { AllowDuplicateProperties = false };

    /// <summary>Reads a value.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="json">What stands in the file.</param>
    /// <param name="value">The value; null in JSON is <see cref="AbsentValue"/>.</param>
    /// <param name="expected">What would be right, if it is not.</param>
    public static bool TryRead(AttributeType type, JsonElement json, out AttributeValue value, out string expected)
    {
        value = AbsentValue.Instance;
        expected = "";
        if (json.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        switch (type)
        {
            case AttributeType.Int64:
                return TryReadInt64(json, out value, out expected);
            case AttributeType.Double when json.ValueKind == JsonValueKind.Number:
                value = new DoubleValue(json.GetDouble());
                return true;
            case AttributeType.Bool:
                value = new BoolValue(json.ValueKind == JsonValueKind.True);
                expected = "true or false";
                return json.ValueKind is JsonValueKind.True or JsonValueKind.False;
            case AttributeType.StringMap:
                expected = """an object of strings such as {"cookie": "user=x"}""";
                return TryReadMap(json, out value);
            default:
                return TryReadText(type, json, out value, out expected);
        }
    }

    /// <summary>The type that a value without a declared one is sent as.</summary>
    /// <param name="json">What stands in the file.</param>
    public static AttributeType NaturalType(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number when json.TryGetInt64(out _) => AttributeType.Int64,
        JsonValueKind.Number => AttributeType.Double,
        JsonValueKind.True or JsonValueKind.False => AttributeType.Bool,
        JsonValueKind.Object => AttributeType.StringMap,
        _ => AttributeType.String,
    };

    /// <summary>A wrong value as an error shows it.</summary>
    /// <param name="json">What stands in the file.</param>
    public static string Found(JsonElement json)
    {
        string raw = json.GetRawText();
        return json.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            _ => raw.Length <= MostFoundChars ? raw : raw[..MostFoundChars] + "…",
        };
    }

    private static bool TryReadInt64(JsonElement json, out AttributeValue value, out string expected)
    {
        value = AbsentValue.Instance;
        expected = "an integer";
        if (json.ValueKind != JsonValueKind.Number)
        {
            return false;
        }

        // The number's own text decides, so that integers above 2^53 stay exact.
        return AttributeText.TryParse(AttributeType.Int64, json.GetRawText(), out value, out expected);
    }

    private static bool TryReadText(AttributeType type, JsonElement json, out AttributeValue value, out string expected)
    {
        bool isString = json.ValueKind == JsonValueKind.String;
        bool valid = AttributeText.TryParse(type, isString ? json.GetString()! : "", out value, out string plain);
        expected = type == AttributeType.Double ? plain : type.IsText() ? "a string" : $"a string with {plain}";
        return isString && valid;
    }

    private static bool TryReadMap(JsonElement json, out AttributeValue value)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        value = new MapValue(entries);
        if (json.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        foreach (JsonProperty entry in json.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.String)
            {
                return false;
            }

            entries[entry.Name] = entry.Value.GetString()!;
        }

        return true;
    }
}
