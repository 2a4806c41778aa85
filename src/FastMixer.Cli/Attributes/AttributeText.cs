using System.Globalization;
using System.Text.Json;
using FastMixer.Policy.Language;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Cli.Attributes;

/// <summary>Values of attributes as people type them, for each type.</summary>
internal static class AttributeText
{
    /// <summary>What a duration looks like, for messages.</summary>
    public const string ExpectedDuration = "a duration such as 20ms, 1.5s or 1h2m3s";

    private const string ExpectedTimestamp =
        "an RFC 3339 time between 1677-09-21T00:12:44Z and 2262-04-11T23:47:16Z, such as 2015-01-02T15:04:35.5Z";

    private const string ExpectedMap = """a JSON object of strings such as {"cookie":"user=x"}, or one entry as NAME[KEY]=VALUE""";

    /// <summary>Reads a value.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="text">What a person typed.</param>
    /// <param name="value">The value.</param>
    /// <param name="expected">What would be right, if it is not.</param>
    public static bool TryParse(AttributeType type, string text, out AttributeValue value, out string expected)
    {
        (AttributeValue? Value, string Expected) read = type switch
        {
            AttributeType.Int64 => ReadInt64(text),
            AttributeType.Double => (
                double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? new DoubleValue(number) : null,
                "a number such as 0.25, NaN or -Infinity"),
            AttributeType.Bool => (text is "true" or "false" ? new BoolValue(text == "true") : null, "true or false"),
            AttributeType.Timestamp => (
                TimestampText.TryParse(text, out long moment) ? new TimestampValue(moment) : null, ExpectedTimestamp),
            AttributeType.Duration => (DurationText.TryParse(text, out long span) ? new DurationValue(span) : null, ExpectedDuration),
            AttributeType.IpAddress => (
                IpAddressText.TryParse(text, out byte[] address) ? new IpAddressValue(address) : null, IpAddressText.Expected),
            AttributeType.Bytes => (ReadBase64(text), "base64 such as AQID"),
            AttributeType.StringMap => (ReadMap(text), ExpectedMap),
            _ => (new TextValue(text), "text"),
        };
        value = read.Value ?? AbsentValue.Instance;
        expected = read.Expected;
        return read.Value is not null;
    }

    /// <summary>The clause that tells what was wrong with a value and what would be right.</summary>
    /// <param name="name">The attribute.</param>
    /// <param name="type">Its type.</param>
    /// <param name="expected">What would be right.</param>
    /// <param name="found">What was found instead, in its quotes.</param>
    public static string Problem(string name, AttributeType type, string expected, string found)
    {
        // By sound: an INT64, an IP_ADDRESS, an EMAIL_ADDRESS; but a URI. BYTES are many.
        string kind = type switch
        {
            AttributeType.Int64 or AttributeType.IpAddress or AttributeType.EmailAddress => $"an {type.Name()}",
            AttributeType.Bytes => type.Name(),
            _ => $"a {type.Name()}",
        };
        return $"{name} is {kind}; expected {expected}, found {found}";
    }

    private static (AttributeValue? Value, string Expected) ReadInt64(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
        {
            return (new Int64Value(number), "");
        }

        bool tooLarge = Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
        return (null, tooLarge ? $"an integer from {long.MinValue} to {long.MaxValue}" : "an integer");
    }

    private static BytesValue? ReadBase64(string text)
    {
        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int written) ? new BytesValue(bytes[..written]) : null;
    }

    private static MapValue? ReadMap(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, AttributeJson.Strict);
            return AttributeJson.TryRead(AttributeType.StringMap, document.RootElement, out AttributeValue value, out _)
                ? value as MapValue
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
