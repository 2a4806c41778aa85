using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using FastMixer.Policy.Language;
using FastMixer.Policy.Tests.Support;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Tests.Model;

/// <summary>
/// The values of the model: <c>long</c>, <c>double</c>, <c>bool</c>, <see cref="IPAddress"/>, <c>string</c> for all text and for BYTES (ASCII),
/// <see cref="MapOf"/>. What they are to each other depends on the type.
/// </summary>
internal static partial class Values
{
    /// <summary>What comparing two values of a type comes to.</summary>
    public static bool Compare(AttributeType type, string sign, object left, object right) => sign switch
    {
        "==" => AreEqual(type, left, right),
        "!=" => !AreEqual(type, left, right),
        _ when left is double number => CompareDoubles(sign, number, (double)right),
        "<" => Order(left, right) < 0,
        "<=" => Order(left, right) <= 0,
        ">" => Order(left, right) > 0,
        _ => Order(left, right) >= 0,
    };

    public static bool AreEqual(AttributeType type, object left, object right) => type switch
    {
        AttributeType.Double => (double)left == (double)right,
        AttributeType.IpAddress => ((IPAddress)left).MapToIPv6().Equals(((IPAddress)right).MapToIPv6()),
        AttributeType.DnsName => CanonicalDns((string)left) == CanonicalDns((string)right),
        AttributeType.EmailAddress => CanonicalEmail((string)left) == CanonicalEmail((string)right),
        AttributeType.Uri => CanonicalUri((string)left) == CanonicalUri((string)right),
        _ => left.Equals(right),
    };

    /// <summary>How <see cref="Evaluated"/> shows a value.</summary>
    public static string Show(AttributeType type, object value) => (type, value) switch
    {
        (AttributeType.Duration, long span) => DurationText.Format(span),
        (AttributeType.Timestamp, long moment) => TimestampText.Format(moment),
        (_, long number) => number.ToString(CultureInfo.InvariantCulture),
        (_, double number) => Evaluated.Format(number),
        (_, bool flag) => flag ? "true" : "false",
        (_, string text) => Evaluated.Quote(text),
        _ => value.ToString()!,
    };

    public static bool IsDnsName(string text) => text.Length > 0 && WithoutDot(text).Split('.').All(label => DnsLabel().IsMatch(label));

    public static bool IsEmail(string text) =>
        text.LastIndexOf('@') is > 0 and var at && !text[..at].Contains('@', StringComparison.Ordinal) && IsDnsName(text[(at + 1)..]);

    public static bool IsUri(string text) => text.Length > 0 && !NoEscape().IsMatch(text);

    public static string ToLower(string text) => string.Concat(text.EnumerateRunes().Select(Rune.ToLowerInvariant));

    private static int Order(object left, object right) => left is long number
        ? number.CompareTo((long)right)
        : Encoding.UTF8.GetBytes((string)left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes((string)right));

    private static bool CompareDoubles(string sign, double left, double right) =>
        sign switch { "<" => left < right, "<=" => left <= right, ">" => left > right, _ => left >= right };

    private static string WithoutDot(string name) => name.EndsWith('.') ? name[..^1] : name;

    // The only name that the generators write in its ASCII form too.
    private static string CanonicalDns(string name) =>
        string.Join('.', WithoutDot(ToLower(name)).Split('.').Select(label => label == "xn--9ca" ? "é" : label));

    private static string CanonicalEmail(string address)
    {
        int at = address.LastIndexOf('@') + 1;
        return address[..at] + CanonicalDns(address[at..]);
    }

    private static string CanonicalUri(string uri)
    {
        Match parts = UriParts().Match(uri);
        if (!parts.Success)
        {
            return uri;
        }

        string scheme = ToLower(parts.Groups["scheme"].Value);
        bool hasHost = scheme is "http:" or "https:" && parts.Groups["slashes"].Success;
        string host = parts.Groups["host"].Value;
        return $"{scheme}{parts.Groups["slashes"].Value}{(hasHost ? CanonicalDns(host) : host)}{parts.Groups["rest"].Value}";
    }

    [GeneratedRegex(@"^[^\x00-,/:-@[-^`{-\x7f-]([^\x00-,/:-@[-^`{-\x7f]*[^\x00-,/:-@[-^`{-\x7f-])?$", RegexOptions.ExplicitCapture)]
    private static partial Regex DnsLabel();

    [GeneratedRegex("%(?![0-9A-Fa-f]{2})")]
    private static partial Regex NoEscape();

    [GeneratedRegex("^(?<scheme>[A-Za-z][A-Za-z0-9+.-]*:)(?<slashes>//)?(?<host>[^/]*)(?<rest>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex UriParts();
}
