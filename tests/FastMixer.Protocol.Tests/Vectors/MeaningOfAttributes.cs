using System.Globalization;
using System.Text.Json;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Tests.Support;

namespace FastMixer.Protocol.Tests.Vectors;

/// <summary>Attributes as the vectors write them down, to and from this project's types.</summary>
internal static class MeaningOfAttributes
{
    /// <summary>The attributes as facts, without the ones to be ignored; a removed one has the value null.</summary>
    public static List<Fact> Read(JsonElement attributes) =>
        [.. attributes.EnumerateArray().Where(attribute => !attribute.TryGetProperty("ignored", out _)).Select(ReadOne)];

    private static Fact ReadOne(JsonElement attribute)
    {
        string name = attribute.Text("name");
        JsonElement value = attribute.GetProperty("value");
        AttributeType type = AttributeType.Unspecified;
        bool isRemoved = value.ValueKind == JsonValueKind.Null;
        Assert.True(isRemoved || AttributeTypes.TryParse(attribute.Text("type"), out type));
        return new Fact(name, type, type switch
        {
            AttributeType.Unspecified => null,
            AttributeType.Int64 => long.Parse(value.GetString()!, CultureInfo.InvariantCulture),
            AttributeType.Double => BitConverter.Int64BitsToDouble(unchecked((long)Convert.ToUInt64(value.Text("bits"), 16))),
            AttributeType.Bool => value.GetBoolean(),
            AttributeType.Timestamp => value.Long("unixNanoseconds"),
            AttributeType.Duration => value.Long("nanoseconds"),
            AttributeType.Bytes or AttributeType.IpAddress => Convert.FromHexString(value.Text("hex")),
            AttributeType.StringMap => value.EnumerateArray()
                .Select(entry => KeyValuePair.Create(entry[0].GetString()!, entry[1].GetString()!)).ToArray(),
            _ => value.GetString()!,
        });
    }
}
