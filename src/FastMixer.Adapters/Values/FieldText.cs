using System.Globalization;
using System.Net;
using System.Text;
using FastMixer.Policy.Language;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Adapters.Values;

/// <summary>Values of fields as text, as backends that take text get them.</summary>
internal static class FieldText
{
    /// <summary>A value as text. A map has none.</summary>
    /// <param name="values">The instance's fields.</param>
    /// <param name="field">The field's index, not below 0.</param>
    public static string Format(InstanceValues values, int field) =>
        Format(values.Instance.Fields[field].Type, values.GetInt64(field), values.GetBytes(field).Span);

    /// <summary>A value as text. A map has none.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="number">The number, the bits of a DOUBLE, or 0 or 1 for a BOOL.</param>
    /// <param name="bytes">The bytes of text, BYTES or an IP_ADDRESS.</param>
    public static string Format(AttributeType type, long number, ReadOnlySpan<byte> bytes) => type switch
    {
        AttributeType.Bool => number != 0 ? "true" : "false",
        AttributeType.Int64 => number.ToString(CultureInfo.InvariantCulture),
        AttributeType.Double => Format(BitConverter.Int64BitsToDouble(number)),
        AttributeType.Timestamp => TimestampText.Format(number),
        AttributeType.Duration => DurationText.Format(number),
        AttributeType.IpAddress => new IPAddress(bytes).ToString(),
        AttributeType.Bytes => Convert.ToBase64String(bytes),
        AttributeType.StringMap => throw new ArgumentException("A map has no text.", nameof(type)),
        _ => Encoding.UTF8.GetString(bytes),
    };

    private static string Format(double number) =>
        double.IsNaN(number) ? "NaN"
        : double.IsInfinity(number) ? (number > 0 ? "Infinity" : "-Infinity")
        : number.ToString("R", CultureInfo.InvariantCulture);
}
