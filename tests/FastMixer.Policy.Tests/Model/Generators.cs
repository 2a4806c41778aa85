using System.Net;
using CsCheck;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Tests.Model;

/// <summary>Expressions of every type, and attributes to evaluate them with. Names and texts are few, so that they meet.</summary>
internal static class Generators
{
    private static readonly AttributeType[] Types =
        [AttributeType.String, AttributeType.Int64, AttributeType.Double, AttributeType.Bool, AttributeType.Timestamp, AttributeType.Duration, AttributeType.IpAddress, AttributeType.DnsName, AttributeType.EmailAddress, AttributeType.Uri, AttributeType.StringMap, AttributeType.Bytes];

    private static readonly string[] Signs = ["==", "!=", "<", "<=", ">", ">="];

    private static readonly Dictionary<(AttributeType Type, int Depth), Gen<Expr>> Known = [];

    /// <summary>An expression of some type and some depth.</summary>
    public static Gen<Expr> Any { get; } = Gen.OneOf<Expr>([.. Types.Select(type => Of(type, 4))]);

    /// <summary>Attributes, each present or not.</summary>
    public static Gen<World> Worlds { get; } =
        World.Readable.Aggregate(
            Gen.Const(new List<KeyValuePair<string, object>>()),
            (known, attribute) => Gen.Select(known, Gen.Int[0, 2], SomeValue(attribute.Type))
                .Select((values, chance, value) => chance == 0 ? values : [.. values, KeyValuePair.Create(attribute.Name, value)]))
        .Select(values => new World(new Dictionary<string, object>(values)));

    /// <summary>A BOOL expression of some depth.</summary>
    public static Gen<Expr> OfBool(int depth) => Of(AttributeType.Bool, depth);

    private static Gen<object> SomeValue(AttributeType type) => type switch
    {
        AttributeType.Int64 => Functions.SomeNumber.Select(number => (object)number),
        AttributeType.Timestamp or AttributeType.Duration => Functions.SomeNumber.Select(number => (object)(number * (number is > -10 and < 10 ? 1_000_000_000 : 1))),
        AttributeType.Double => Gen.OneOf(0.0, 1.5, -2.25, 1e300, double.NaN).Select(number => (object)number),
        AttributeType.Bool => Gen.Bool.Select(flag => (object)flag),
        AttributeType.IpAddress => Gen.OneOf(Functions.Addresses).Select(text => (object)IPAddress.Parse(text)),
        AttributeType.DnsName => Gen.OneOf<object>("a", "A.", "é", "É", "xn--9ca", "b.a"),
        AttributeType.EmailAddress => Gen.OneOf<object>("a@a", "a@A.", "A@a", "b@é", "b@XN--9CA"),
        AttributeType.Uri => Gen.OneOf<object>("http://A/x", "HTTP://a/x", "http://a/X", "urn:A", "URN:A", "urn:a", "a", "https://é", "https://xn--9ca"),
        AttributeType.StringMap => Gen.Dictionary(Functions.SomeText, Functions.SomeText)[0, 4].Select(map => (object)(IReadOnlyDictionary<string, string>)map),
        AttributeType.Bytes => Gen.OneOf<object>("", "a", "b", "ab"),
        _ => Functions.SomeText.Select(text => (object)text),
    };

    private static Gen<Expr> Of(AttributeType type, int depth)
    {
        if (!Known.TryGetValue((type, depth), out Gen<Expr>? known))
        {
            Gen<Expr> leaf = Leaf(type);
            known = depth == 0 ? leaf : Gen.Frequency<Expr>((1, leaf), (2, Common(type, depth - 1)), (4, Special(type, depth - 1)));
            Known[(type, depth)] = known;
        }

        return known;
    }

    private static Gen<Expr> Leaf(AttributeType type)
    {
        Gen<Expr> attribute = Attribute(type);
        return type switch
        {
            AttributeType.String or AttributeType.Int64 or AttributeType.Bool or AttributeType.Duration => Gen.Frequency<Expr>((1, SomeValue(type).Select(value => (Expr)new Lit(type, value))), (2, attribute)),
            AttributeType.Double => Gen.Frequency<Expr>((1, Gen.OneOf(0.0, 1.5, -2.25, 1e300).Select(number => (Expr)new Lit(type, number))), (2, attribute)),
            AttributeType.StringMap => Gen.Frequency<Expr>((4, attribute), (1, Gen.Const((Expr)new EmptyMap()))),
            _ => attribute,
        };
    }

    private static Gen<Expr> Attribute(AttributeType type) =>
        Gen.OneOf<Expr>([.. World.Readable.Where(attribute => attribute.Type == type).Select(attribute => (Expr)new Attr(type, attribute.Name))]);

    // What exists for every type: a pipe and a condition.
    private static Gen<Expr> Common(AttributeType type, int depth) => Gen.Frequency<Expr>(
        (3, Of(type, depth).List[2, 4].Select(operands => (Expr)new Pipe(operands))),
        (1, Gen.Select(Of(AttributeType.Bool, depth), Of(type, depth), Of(type, depth))
            .Select((condition, first, second) => (Expr)new Conditional(false, condition, first, second))));

    private static Gen<Expr> Special(AttributeType type, int depth) => type switch
    {
        AttributeType.String => Gen.Frequency<Expr>(
            (3, Indexed(depth)),
            (2, Calculation(type, type, type, depth, "+")),
            (2, Functions.OfText(Of(type, depth))),
            (1, Gen.Select(Of(AttributeType.Bool, depth), Of(type, depth), Of(type, depth))
                .Select((condition, first, second) => (Expr)new Conditional(true, condition, first, second)))),
        AttributeType.Int64 => Gen.Frequency<Expr>(
            (4, Calculation(type, type, type, depth, "+", "-", "*", "/", "%")), (1, Functions.Negation(Of(type, depth))), (1, Functions.Size(Of(AttributeType.String, depth)))),
        AttributeType.Double => Gen.Frequency<Expr>((4, Calculation(type, type, type, depth, "+", "-", "*", "/")), (1, Functions.Negation(Of(type, depth)))),
        AttributeType.Duration => Gen.Frequency<Expr>(
            (2, Calculation(type, type, type, depth, "+", "-")), (1, Calculation(type, AttributeType.Timestamp, AttributeType.Timestamp, depth, "-")), (1, Functions.Negation(Of(type, depth)))),
        AttributeType.Timestamp => Gen.Frequency<Expr>((2, Calculation(type, type, AttributeType.Duration, depth, "+", "-")), (1, Functions.Conversion(type, Of(AttributeType.String, Math.Min(depth, 1))))),
        AttributeType.IpAddress or AttributeType.DnsName or AttributeType.EmailAddress or AttributeType.Uri => Functions.Conversion(type, Of(AttributeType.String, Math.Min(depth, 1))),
        AttributeType.Bool => OfBoolSpecial(depth),
        _ => Leaf(type),
    };

    private static Gen<Expr> OfBoolSpecial(int depth) => Gen.Frequency<Expr>(
        (3, Gen.Select(Gen.OneOf("&&", "||"), Of(AttributeType.Bool, depth).List[2, 4]).Select((sign, operands) => (Expr)new Logic(sign, operands))),
        (5, Gen.OneOf<Expr>([.. Types.Where(type => type != AttributeType.StringMap).Select(type => Comparison(type, depth))])),
        (2, Gen.OneOf<Expr>([.. Types.Where(type => type != AttributeType.StringMap).Select(type => Membership(type, depth))])),
        (1, Functions.Not(Of(AttributeType.Bool, depth))),
        (2, Gen.OneOf<Expr>([.. Types.Select(Attribute), Indexed(depth)]).Select(operand => (Expr)new Has(operand))),
        (3, Functions.TextTest(Of(AttributeType.String, depth))));

    private static Gen<Expr> Indexed(int depth) =>
        Gen.Select(Of(AttributeType.StringMap, Math.Min(depth, 1)), Of(AttributeType.String, Math.Min(depth, 1))).Select((map, key) => (Expr)new Index(map, key));

    private static Gen<Expr> Comparison(AttributeType type, int depth) =>
        Gen.Select(Gen.OneOf(type is AttributeType.Bool or AttributeType.IpAddress ? Signs[..2] : Signs), Of(type, depth), Of(type, depth))
            .Select((sign, left, right) => (Expr)new Compare(sign, left, right));

    private static Gen<Expr> Membership(AttributeType type, int depth) =>
        Gen.Select(Of(type, depth), Of(type, depth).List[1, 3]).Select((wanted, items) => (Expr)new In(wanted, items));

    private static Gen<Expr> Calculation(AttributeType type, AttributeType left, AttributeType right, int depth, params string[] signs) =>
        Gen.Select(Gen.OneOf(signs), Of(left, depth), Of(right, depth)).Select((sign, first, second) => (Expr)new Calculate(type, sign, first, second));
}
