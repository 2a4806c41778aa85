using System.Globalization;
using System.Net;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Language.Explanation;

/// <summary>A value of an expression, apart from the request it came from; for tools. Immutable.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Value">
/// A <see cref="bool"/>, <see cref="double"/>, <see cref="string"/>, a <see cref="long"/> (INT64, and nanoseconds of TIMESTAMP and DURATION), an
/// array of bytes (BYTES, IP_ADDRESS), or entries in the order of their keys (STRING_MAP).
/// </param>
public sealed record ExpressionValue(AttributeType Type, object Value)
{
    /// <summary>
    /// The value as it is written: timestamps by RFC 3339, durations like <c>20ms</c>, addresses as text, BYTES in base64, text as it is, a map as
    /// <c>{key: value}</c>.
    /// </summary>
    public override string ToString() => Value switch
    {
        bool flag => flag ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        long nanoseconds when Type == AttributeType.Timestamp => TimestampText.Format(nanoseconds),
        long nanoseconds when Type == AttributeType.Duration => DurationText.Format(nanoseconds),
        long number => number.ToString(CultureInfo.InvariantCulture),
        byte[] address when Type == AttributeType.IpAddress => new IPAddress(address).ToString(),
        byte[] bytes => Convert.ToBase64String(bytes),
        IReadOnlyDictionary<string, string> map => "{" + string.Join(", ", map.Select(entry => $"{entry.Key}: {entry.Value}")) + "}",
        _ => (string)Value,
    };
}
