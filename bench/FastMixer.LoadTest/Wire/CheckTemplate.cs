using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using FastMixer.LoadTest.Load;
using MessagePack;

namespace FastMixer.LoadTest.Wire;

/// <summary>
/// The bytes of one check, encoded once. A request is a copy of them with the id, and the digits that vary request.path, written
/// over. All requests therefore have the same length, which the floor needs.
/// </summary>
internal sealed class CheckTemplate : IRequestTemplate
{
    private const string VariedAttribute = "request.path";

    // The array's header, the kind, and the marker of a 32-bit integer stand before the id.
    private const int IdOffsetInBody = 3;

    private readonly byte[] _bytes;
    private readonly int _idOffset;
    private readonly int _keyOffset;

    /// <summary>Encodes a check.</summary>
    /// <param name="json">An object from attribute names to values.</param>
    /// <param name="varied">Whether request.path is followed by the digits of a key, or stays as given.</param>
    /// <param name="framed">Whether messages are frames of a stream; false means padded datagrams.</param>
    /// <param name="patience">How long the sender of the check waits, as the check says it; null says nothing.</param>
    public CheckTemplate(string json, bool varied, bool framed, TimeSpan? patience = null)
    {
        using var attributes = Parse(json);
        AttributeCount = attributes.RootElement.GetPropertyCount();

        var body = new ArrayBufferWriter<byte>();
        var keyOffset = Encode(body, attributes.RootElement, varied, patience);
        _bytes = MessageFrame.Wrap(body.WrittenSpan, framed);
        var prefix = framed ? MessageFrame.PrefixBytes : 0;
        _idOffset = prefix + IdOffsetInBody;
        _keyOffset = keyOffset < 0 ? -1 : prefix + keyOffset;
    }

    /// <inheritdoc/>
    public int Length => _bytes.Length;

    /// <summary>How many attributes a check carries.</summary>
    public int AttributeCount { get; }

    /// <inheritdoc/>
    public void Write(Span<byte> destination, uint id, uint key)
    {
        _bytes.CopyTo(destination);
        BinaryPrimitives.WriteUInt32BigEndian(destination[_idOffset..], id);
        if (_keyOffset >= 0)
        {
            KeyDigits.Write(destination[_keyOffset..], key);
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
    private static int Encode(ArrayBufferWriter<byte> body, JsonElement attributes, bool varied, TimeSpan? patience)
    {
        var keyOffset = -1;
        var writer = new MessagePackWriter(body);
        writer.WriteArrayHeader(patience is null ? 3 : 6);
        writer.Write((int)MessageKind.Check);
        writer.WriteUInt32(0);
        writer.WriteMapHeader(attributes.GetPropertyCount());
        foreach (var attribute in attributes.EnumerateObject())
        {
            AttributeWriter.WriteName(ref writer, attribute.Name);
            if (varied && attribute.Name is VariedAttribute && attribute.Value.ValueKind is JsonValueKind.String)
            {
                writer.Write($"{attribute.Value.GetString()}/{new string('0', KeyDigits.Length)}");
                writer.Flush();
                keyOffset = body.WrittenCount - KeyDigits.Length;
            }
            else
            {
                AttributeWriter.WriteValue(ref writer, attribute.Name, attribute.Value);
            }
        }

        if (patience is { } time)
        {
            writer.WriteArrayHeader(0); // no quotas
            writer.Write(""); // no deduplication id
            writer.Write((uint)Math.Ceiling(time.TotalMilliseconds));
        }

        writer.Flush();
        return !varied || keyOffset >= 0
            ? keyOffset
            : throw new LoadTestException($"keys vary {VariedAttribute}, which --attributes does not have as text");
    }
}
