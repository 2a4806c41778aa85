using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using MessagePack;

namespace FastMixer.LoadTest.Wire;

/// <summary>
/// The bytes of one check, encoded once. A request is a copy of them with the id, and the digits that vary request.path, written
/// over. All requests therefore have the same length, which the floor needs.
/// </summary>
internal sealed class CheckTemplate
{
    /// <summary>The most keys that the digits tell apart.</summary>
    public const int MaxKeys = 100_000_000;

    private const int KeyDigits = 8;
    private const string VariedAttribute = "request.path";

    // The array's header, the kind, and the marker of a 32-bit integer stand before the id.
    private const int IdOffsetInBody = 3;

    private readonly byte[] _bytes;
    private readonly int _idOffset;
    private readonly int _keyOffset;

    /// <summary>Encodes a check.</summary>
    /// <param name="json">An object from attribute names to values.</param>
    /// <param name="keys">How many values request.path takes; with 1 it stays as given, else 8 digits follow it.</param>
    /// <param name="framed">Whether messages are frames of a stream; false means padded datagrams.</param>
    public CheckTemplate(string json, int keys, bool framed)
    {
        using var attributes = Parse(json);
        Keys = keys;
        AttributeCount = attributes.RootElement.GetPropertyCount();

        var body = new ArrayBufferWriter<byte>();
        var keyOffset = Encode(body, attributes.RootElement, varied: keys > 1);
        _bytes = MessageFrame.Wrap(body.WrittenSpan, framed);
        var prefix = framed ? MessageFrame.PrefixBytes : 0;
        _idOffset = prefix + IdOffsetInBody;
        _keyOffset = keyOffset < 0 ? -1 : prefix + keyOffset;
    }

    /// <summary>Bytes of a request on the wire, with the length prefix or the padding.</summary>
    public int Length => _bytes.Length;

    /// <summary>How many values request.path takes.</summary>
    public int Keys { get; }

    /// <summary>How many attributes a check carries.</summary>
    public int AttributeCount { get; }

    /// <summary>Writes one request; the destination has at least <see cref="Length"/> bytes.</summary>
    public void Write(Span<byte> destination, uint id, uint key)
    {
        _bytes.CopyTo(destination);
        BinaryPrimitives.WriteUInt32BigEndian(destination[_idOffset..], id);
        if (_keyOffset < 0)
        {
            return;
        }

        var digits = destination.Slice(_keyOffset, KeyDigits);
        for (var i = KeyDigits - 1; i >= 0; i--)
        {
            (key, var digit) = Math.DivRem(key, 10);
            digits[i] = (byte)('0' + digit);
        }
    }

    private static JsonDocument Parse(string json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            throw new LoadTestException($"--attributes: not JSON: {e.Message.ReplaceLineEndings(" ")}");
        }

        if (document.RootElement.ValueKind is not JsonValueKind.Object)
        {
            document.Dispose();
            throw new LoadTestException("--attributes: expected a JSON object from attribute names to values");
        }

        return document;
    }

    /// <summary>Writes the body; returns where the digits of the key begin, or -1.</summary>
    private static int Encode(ArrayBufferWriter<byte> body, JsonElement attributes, bool varied)
    {
        var keyOffset = -1;
        var writer = new MessagePackWriter(body);
        writer.WriteArrayHeader(3);
        writer.Write((int)MessageKind.Check);
        writer.WriteUInt32(0);
        writer.WriteMapHeader(attributes.GetPropertyCount());
        foreach (var attribute in attributes.EnumerateObject())
        {
            AttributeWriter.WriteName(ref writer, attribute.Name);
            if (varied && attribute.Name is VariedAttribute && attribute.Value.ValueKind is JsonValueKind.String)
            {
                writer.Write($"{attribute.Value.GetString()}/{new string('0', KeyDigits)}");
                writer.Flush();
                keyOffset = body.WrittenCount - KeyDigits;
            }
            else
            {
                AttributeWriter.WriteValue(ref writer, attribute.Name, attribute.Value);
            }
        }

        writer.Flush();
        return !varied || keyOffset >= 0
            ? keyOffset
            : throw new LoadTestException($"--keys varies {VariedAttribute}, which --attributes does not have as text");
    }
}
