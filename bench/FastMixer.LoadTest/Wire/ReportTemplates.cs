using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using MessagePack;

namespace FastMixer.LoadTest.Wire;

/// <summary>
/// The bytes of the reports that are sent, encoded once: messages of a hundred records, each of fifteen attributes of which five differ from the record
/// before. Together they have a thousand distinct series: two hundred workloads times five response codes. To send one, its bytes are copied and the
/// id is written over. Immutable.
/// </summary>
internal sealed class ReportTemplates
{
    /// <summary>Records of a message.</summary>
    public const int Records = 100;

    /// <summary>Distinct combinations of workload and code.</summary>
    public const int Series = Workloads * Codes;

    private const int Workloads = 200;
    private const int Codes = 5;
    private const int Messages = Series / Records;

    // The frame's prefix, the array's header, the kind, and the marker of a 32-bit integer stand before the id.
    private const int IdOffset = MessageFrame.PrefixBytes + 3;

    private readonly byte[][] _messages;

    /// <summary>Encodes them.</summary>
    public ReportTemplates()
    {
        using var attributes = JsonDocument.Parse(Resource.Text("default-report.json"));
        _messages = [.. Enumerable.Range(0, Messages).Select(number => Encode(attributes.RootElement, number))];
        Length = _messages.Max(static message => message.Length);
    }

    /// <summary>Bytes of the longest message on the wire.</summary>
    public int Length { get; }

    /// <summary>What the response sizes of a message's records sum up to.</summary>
    /// <param name="number">Which message; any number, they repeat.</param>
    public static long ResponseBytes(long number) => Enumerable.Range(FirstRecord(number), Records).Sum(ResponseSize);

    /// <summary>Bytes of a message on the wire.</summary>
    /// <param name="number">Which message; any number, they repeat.</param>
    public int LengthOf(long number) => _messages[number % Messages].Length;

    /// <summary>Writes a message.</summary>
    /// <param name="destination">As many bytes as <see cref="LengthOf"/> says.</param>
    /// <param name="id">The id that its answer carries.</param>
    /// <param name="number">Which message; any number, they repeat.</param>
    public void Write(Span<byte> destination, uint id, long number)
    {
        _messages[number % Messages].CopyTo(destination);
        BinaryPrimitives.WriteUInt32BigEndian(destination[IdOffset..], id);
    }

    private static int FirstRecord(long number) => (int)(number % Messages) * Records;

    private static byte[] Encode(JsonElement attributes, int number)
    {
        var body = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(body);
        writer.WriteArrayHeader(3);
        writer.Write((int)MessageKind.Report);
        writer.WriteUInt32(0);
        writer.WriteArrayHeader(Records);
        var first = FirstRecord(number);
        for (var record = first; record < first + Records; record++)
        {
            var differing = Differing(record);
            IEnumerable<KeyValuePair<string, JsonElement>> written = record == first
                ? attributes.EnumerateObject().Select(attribute => KeyValuePair.Create(attribute.Name, differing.GetValueOrDefault(attribute.Name, attribute.Value)))
                : differing;
            WriteRecord(ref writer, [.. written]);
        }

        writer.Flush();
        return MessageFrame.Wrap(body.WrittenSpan, framed: true);
    }

    private static void WriteRecord(ref MessagePackWriter writer, IReadOnlyList<KeyValuePair<string, JsonElement>> attributes)
    {
        writer.WriteMapHeader(attributes.Count);
        foreach (var (name, value) in attributes)
        {
            AttributeWriter.WriteName(ref writer, name);
            AttributeWriter.WriteValue(ref writer, name, value);
        }
    }

    private static Dictionary<string, JsonElement> Differing(int record) => new(StringComparer.Ordinal)
    {
        ["source.workload.name"] = Json(string.Create(CultureInfo.InvariantCulture, $"checkout-v{record % Workloads:000}")),
        ["response.code"] = Json(200 + (record / Workloads % Codes * 100)),
        ["response.duration"] = Json(string.Create(CultureInfo.InvariantCulture, $"{1_000 + (record * 79)}us")),
        ["request.size"] = Json(256 + (record % 1_000)),
        ["response.size"] = Json(ResponseSize(record)),
    };

    private static long ResponseSize(int record) => 1_000 + (record % 10_000);

    private static JsonElement Json<T>(T value) => JsonSerializer.SerializeToElement(value);
}
