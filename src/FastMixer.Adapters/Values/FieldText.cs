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
    public static string Format(InstanceValues values, int field) => values.Instance.Fields[field].Type switch
    {
        AttributeType.Bool => values.GetBool(field) ? "true" : "false",
        AttributeType.Int64 => values.GetInt64(field).ToString(CultureInfo.InvariantCulture),
        AttributeType.Double => Format(values.GetDouble(field)),
        AttributeType.Timestamp => TimestampText.Format(values.GetInt64(field)),
        AttributeType.Duration => DurationText.Format(values.GetInt64(field)),
        AttributeType.IpAddress => new IPAddress(values.GetBytes(field).Span).ToString(),
        AttributeType.Bytes => Convert.ToBase64String(values.GetBytes(field).Span),
        AttributeType.StringMap => throw new ArgumentException("A map has no text.", nameof(field)),
        _ => Encoding.UTF8.GetString(values.GetBytes(field).Span),
    };

    private static string Format(double number) =>
        double.IsNaN(number) ? "NaN"
        : double.IsInfinity(number) ? (number > 0 ? "Infinity" : "-Infinity")
        : number.ToString("R", CultureInfo.InvariantCulture);
}
