using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Tests.Model;

/// <summary>Calls of every function, with what they come to in .NET's own terms.</summary>
internal static class Functions
{
    /// <summary>Texts of IP addresses; two are one host.</summary>
    public static readonly string[] Addresses = ["10.0.0.1", "::ffff:10.0.0.1", "10.0.0.2", "2001:db8::1"];

    private static readonly string[] Moments = ["2024-01-01T00:00:00Z", "2024-01-01T01:00:00.5+01:00", "1960-06-01T00:00:00Z"];

    private static readonly string[] Patterns = ["a", "^a", "b$", "^(a|b)*$", "é.", "[A-Z]", ""];

    /// <summary>A text.</summary>
    public static Gen<string> SomeText { get; } = Gen.OneOf("", "a", "b", "Ab", "é", "a*", "*b", "😀x", "a@b", "a%");

    /// <summary>A number, some of them near the ends of the range.</summary>
    public static Gen<long> SomeNumber { get; } = Gen.OneOf<long>(Gen.OneOf(0L, 1, -1, 2, long.MaxValue, long.MinValue + 1), Gen.Long[-9, 9]);

    public static Gen<Expr> OfText(Gen<Expr> text) => Gen.OneOf<Expr>(
        text.Select(one => (Expr)Call(AttributeType.String, "toLower({0})", values => Values.ToLower((string)values[0]), one)),
        text.Select(one => (Expr)Call(AttributeType.String, "reverse({0})", values => Reverse((string)values[0]), one)),
        text.Select(one => (Expr)Call(AttributeType.String, "({0}).reverse()", values => Reverse((string)values[0]), one)));

    public static Gen<Expr> TextTest(Gen<Expr> text) => Gen.OneOf<Expr>(
        Test("match({0}, {1})", Match, text, text),
        Test("({0}).startsWith({1})", (one, part) => one.StartsWith(part, StringComparison.Ordinal), text, text),
        Test("({0}).endsWith({1})", (one, part) => one.EndsWith(part, StringComparison.Ordinal), text, text),
        Test("({0}).matches({1})", Matches, Gen.Frequency<Expr>((3, Constant(Patterns)), (1, text)), text));

    public static Gen<Expr> Size(Gen<Expr> text) => text.Select(one => (Expr)Call(AttributeType.Int64, "size({0})", values => (long)Encoding.UTF8.GetByteCount((string)values[0]), one));

    public static Gen<Expr> Not(Gen<Expr> flag) => flag.Select(one => (Expr)Call(AttributeType.Bool, "!({0})", values => !(bool)values[0], one));

    public static Gen<Expr> Negation(Gen<Expr> number) => number.Select(one => (Expr)Call(
        one.Type, "-({0})", values => values[0] is double real ? -real : (object)Calculate.Fit(-(Int128)(long)values[0]), one));

    public static Gen<Expr> Conversion(AttributeType type, Gen<Expr> text) => type switch
    {
        AttributeType.IpAddress => Convert(type, "ip", "IP address", Addresses, text, one => Addresses.Contains(one) ? IPAddress.Parse(one) : null),
        AttributeType.Timestamp => Convert(type, "timestamp", "RFC 3339 timestamp", Moments, text, Nanoseconds),
        AttributeType.DnsName => Convert(type, "dnsName", "DNS name", ["a.b", "É", "xn--9ca."], text, one => Values.IsDnsName(one) ? one : null),
        AttributeType.EmailAddress => Convert(type, "email", "e-mail address", ["a@A", "A@b"], text, one => Values.IsEmail(one) ? one : null),
        _ => Convert(type, "uri", "URI", ["http://a/x", "urn:A"], text, one => Values.IsUri(one) ? one : null),
    };

    private static Gen<Expr> Convert(AttributeType type, string name, string what, string[] good, Gen<Expr> text, Func<string, object?> convert) =>
        Gen.OneOf<Expr>(Constant(good), text).Select(one => (Expr)Call(
            type, name + "({0})", values => convert((string)values[0]) ?? throw new EvaluationFailed($"{name}(): the text is no {what}"), one));

    private static Gen<Expr> Constant(string[] texts) => Gen.OneOf(texts).Select(text => (Expr)new Lit(AttributeType.String, text));

    private static Gen<Expr> Test(string form, Func<string, string, bool> test, Gen<Expr> first, Gen<Expr> second) => Gen.Select(first, second)
        .Select((one, other) => (Expr)Call(AttributeType.Bool, form, values => test((string)values[0], (string)values[1]), one, other));

    private static Function Call(AttributeType type, string form, Func<object[], object> apply, params Expr[] arguments) =>
        new Function(type, form, apply, arguments);

    private static object? Nanoseconds(string text) => Moments.Contains(text)
        ? (DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture).UtcTicks - DateTime.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick
        : null;

    private static bool Matches(string pattern, string text)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant);
        }
        catch (ArgumentException)
        {
            throw new EvaluationFailed("matches(): the text is no regular expression, or one that cannot be matched in linear time");
        }
    }

    private static bool Match(string text, string pattern) =>
        pattern.EndsWith('*') ? text.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : pattern.StartsWith('*') ? text.EndsWith(pattern[1..], StringComparison.Ordinal)
        : text == pattern;

    private static string Reverse(string text) => string.Concat(text.EnumerateRunes().Reverse());
}
