using System.Buffers.Binary;
using System.Net;
using System.Text.Json;
using FastMixer.LoadTest.CommandLine;
using MessagePack;

namespace FastMixer.LoadTest.Wire;

/// <summary>
/// Writes attributes given as JSON in the format that their declared type has on the wire (protocol.md, section 5).
/// Attributes that the standard vocabulary does not declare take the type of their JSON value.
/// </summary>
internal static class AttributeWriter
{
    private const sbyte WordExtension = 1;
    private const sbyte DurationExtension = 2;
    private const sbyte IpAddressExtension = 3;

    /// <summary>Writes a name, or a key or value of a string map: a word where there is one.</summary>
    public static void WriteName(ref MessagePackWriter writer, string text)
    {
        if (Vocabulary.Standard.FindWord(text) is { } word)
        {
            writer.Write(word);
        }
        else
        {
            writer.Write(text);
        }
    }

    /// <summary>Writes the value of an attribute.</summary>
    public static void WriteValue(ref MessagePackWriter writer, string attribute, JsonElement value)
    {
        var type = Vocabulary.Standard.FindType(attribute) ?? Infer(attribute, value);
        switch (type)
        {
            case "INT64" when value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var integer):
                writer.Write(integer);
                break;
            case "DOUBLE" when value.ValueKind is JsonValueKind.Number:
                writer.Write(value.GetDouble());
                break;
            case "BOOL" when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                writer.Write(value.GetBoolean());
                break;
            case "STRING_MAP" when value.ValueKind is JsonValueKind.Object:
                WriteMap(ref writer, attribute, value);
                break;
            case "TIMESTAMP" when value.ValueKind is JsonValueKind.String && value.TryGetDateTimeOffset(out var time):
                writer.Write(time.UtcDateTime);
                break;
            case "DURATION" when value.ValueKind is JsonValueKind.String && DurationText.TryParse(value.GetString(), out var duration):
                WriteDuration(ref writer, duration);
                break;
            case "IP_ADDRESS" when value.ValueKind is JsonValueKind.String && IPAddress.TryParse(value.GetString(), out var address):
                writer.WriteExtensionFormat(new ExtensionResult(IpAddressExtension, address.GetAddressBytes()));
                break;
            case "BYTES" when value.ValueKind is JsonValueKind.String && value.TryGetBytesFromBase64(out var bytes):
                writer.Write(bytes);
                break;
            case "STRING" or "URI" or "DNS_NAME" or "EMAIL_ADDRESS" when value.ValueKind is JsonValueKind.String:
                WriteText(ref writer, value.GetString()!);
                break;
            default:
                throw new LoadTestException(
                    $"--attributes: {attribute} is {Expected(type)}, but the value is {value.GetRawText()}");
        }
    }

    private static void WriteText(ref MessagePackWriter writer, string text)
    {
        if (Vocabulary.Standard.FindWord(text) is not { } word)
        {
            writer.Write(text);
            return;
        }

        byte[] index = word <= byte.MaxValue ? [(byte)word] : [(byte)(word >> 8), (byte)word];
        writer.WriteExtensionFormat(new ExtensionResult(WordExtension, index));
    }

    private static void WriteDuration(ref MessagePackWriter writer, TimeSpan duration)
    {
        var nanoseconds = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(nanoseconds, checked(duration.Ticks * TimeSpan.NanosecondsPerTick));
        writer.WriteExtensionFormat(new ExtensionResult(DurationExtension, nanoseconds));
    }

    private static void WriteMap(ref MessagePackWriter writer, string attribute, JsonElement map)
    {
        writer.WriteMapHeader(map.GetPropertyCount());
        foreach (var entry in map.EnumerateObject())
        {
            if (entry.Value.ValueKind is not JsonValueKind.String)
            {
                throw new LoadTestException(
                    $"--attributes: {attribute} is a map of text, but the value of its key {entry.Name} is {entry.Value.GetRawText()}");
            }

            WriteName(ref writer, entry.Name);
            WriteName(ref writer, entry.Value.GetString()!);
        }
    }

    private static string Infer(string attribute, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "STRING",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "INT64" : "DOUBLE",
        JsonValueKind.True or JsonValueKind.False => "BOOL",
        JsonValueKind.Object => "STRING_MAP",
        _ => throw new LoadTestException($"--attributes: {attribute} can't be {value.GetRawText()}: expected text, a number, a bool or a map"),
    };

    private static string Expected(string type) => type switch
    {
        "INT64" => "an INT64, a whole number",
        "DOUBLE" => "a DOUBLE, a number",
        "BOOL" => "a BOOL, true or false",
        "STRING_MAP" => "a STRING_MAP, an object of texts",
        "TIMESTAMP" => "a TIMESTAMP, like \"2026-01-31T12:00:00Z\"",
        "DURATION" => "a DURATION, like \"15ms\"",
        "IP_ADDRESS" => "an IP_ADDRESS, like \"10.1.2.3\"",
        "BYTES" => "BYTES, text in base64",
        _ => $"a {type}, text in quotes",
    };
}
