using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using FastMixer.Policy.Language;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Adapters.MemQuota;

/// <summary>
/// Values of dimensions as bytes: equal values, and only they, have equal bytes. An IPv4 address and its v4-mapped form are one; what cannot be
/// a dimension that is told apart, a map, is none.
/// </summary>
internal static class DimensionValue
{
    private const int NumberBytes = sizeof(long);
    private const int AddressBytes = 16;

    /// <summary>Reads a value as an operator writes it.</summary>
    /// <param name="type">The dimension's type.</param>
    /// <param name="text">The text.</param>
    /// <param name="value">Its bytes.</param>
    /// <returns>False if the text is no such value.</returns>
    public static bool TryParse(AttributeType type, string text, out byte[] value)
    {
        (bool isNumber, long number) = type switch
        {
            AttributeType.Int64 => (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long parsed), parsed),
            AttributeType.Bool => (bool.TryParse(text, out bool flag), flag ? 1 : 0),
            AttributeType.Double => (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real), BitConverter.DoubleToInt64Bits(real)),
            AttributeType.Duration => (DurationText.TryParse(text, out long span), span),
            AttributeType.Timestamp => (TimestampText.TryParse(text, out long moment), moment),
            _ => (false, 0L),
        };
        value = new byte[NumberBytes];
        BinaryPrimitives.WriteInt64LittleEndian(value, number);
        if (IsNumber(type))
        {
            return isNumber;
        }

        if (type == AttributeType.IpAddress)
        {
            bool isAddress = IPAddress.TryParse(text, out IPAddress? address);
            value = address?.MapToIPv6().GetAddressBytes() ?? [];
            return isAddress;
        }

        value = Encoding.UTF8.GetBytes(text);
        return type != AttributeType.StringMap;
    }

    /// <summary>The bytes of a field. No allocation.</summary>
    /// <param name="values">The instance's fields.</param>
    /// <param name="field">The field's index.</param>
    /// <param name="room">At least 16 bytes.</param>
    /// <returns>The bytes; valid as long as the values and the room.</returns>
    public static ReadOnlySpan<byte> Read(InstanceValues values, int field, Span<byte> room)
    {
        AttributeType type = values.Instance.Fields[field].Type;
        if (IsNumber(type))
        {
            long number = type == AttributeType.Bool ? (values.GetBool(field) ? 1 : 0)
                : type == AttributeType.Double ? BitConverter.DoubleToInt64Bits(values.GetDouble(field))
                : values.GetInt64(field);
            BinaryPrimitives.WriteInt64LittleEndian(room, number);
            return room[..NumberBytes];
        }

        ReadOnlySpan<byte> bytes = type == AttributeType.StringMap ? default : values.GetBytes(field).Span;
        if (type != AttributeType.IpAddress || bytes.Length != 4)
        {
            return bytes;
        }

        room[..10].Clear();
        room[10..12].Fill(0xff);
        bytes.CopyTo(room[12..]);
        return room[..AddressBytes];
    }

    private static bool IsNumber(AttributeType type) =>
        type is AttributeType.Int64 or AttributeType.Bool or AttributeType.Double or AttributeType.Duration or AttributeType.Timestamp;
}
