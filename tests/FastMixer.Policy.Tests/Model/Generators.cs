using System.Text;
using CsCheck;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Tests.Model;

/// <summary>Expressions of every type, and attributes to evaluate them with. Names and texts are few, so that they meet.</summary>
internal static class Generators
{
    private const AttributeType Text = AttributeType.String;
    private const AttributeType Int64 = AttributeType.Int64;
    private const AttributeType Bool = AttributeType.Bool;
    private const AttributeType Map = AttributeType.StringMap;

    private static readonly string[] TextNames = ["source.name", "source.uid", "source.user"];
    private static readonly string[] Int64Names = ["request.size", "response.code"];
    private static readonly string[] BoolNames = ["connection.mtls", "context.reporter.local"];
    private static readonly string[] MapNames = ["request.headers", "source.labels"];

    private static readonly Gen<string> SomeText = Gen.OneOf("", "a", "b", "Ab", "é", "a*", "*b", "😀x");
    private static readonly Gen<long> SomeNumber = Gen.OneOf<long>(Gen.OneOf(0L, 1, -1, 2, long.MaxValue, long.MinValue + 1), Gen.Long[-9, 9]);

    /// <summary>An expression of some type and some depth.</summary>
    public static Gen<Expr> Any { get; } = Gen.OneOf<Expr>(Of(Bool, 4), Of(Text, 4), Of(Int64, 4));

    /// <summary>Attributes, each present or not.</summary>
    public static Gen<World> Worlds { get; } =
        from texts in Maybe(SomeText.Select(text => (object)text)).Array[TextNames.Length]
        from numbers in Maybe(SomeNumber.Select(number => (object)number)).Array[Int64Names.Length]
        from flags in Maybe(Gen.Bool.Select(flag => (object)flag)).Array[BoolNames.Length]
        from maps in Maybe(Gen.Dictionary(SomeText, SomeText)[0, 4].Select(map => (object)(IReadOnlyDictionary<string, string>)map)).Array[MapNames.Length]
        select new World(
            TextNames.Zip(texts).Concat(Int64Names.Zip(numbers)).Concat(BoolNames.Zip(flags)).Concat(MapNames.Zip(maps))
                .Where(pair => pair.Second is not null)
                .ToDictionary(pair => pair.First, pair => pair.Second!));

    private static Gen<object?> Maybe(Gen<object> value) =>
        Gen.Select(Gen.Int[0, 2], value).Select((chance, some) => chance == 0 ? null : some);

    /// <summary>A BOOL expression of some depth.</summary>
    public static Gen<Expr> OfBool(int depth) => Of(Bool, depth);

    private static Gen<Expr> Of(AttributeType type, int depth)
    {
        Gen<Expr> leaf = Leaf(type);
        return depth == 0 ? leaf : Gen.Frequency<Expr>((1, leaf), (2, Common(type, depth - 1)), (4, Special(type, depth - 1)));
    }

    private static Gen<Expr> Leaf(AttributeType type) => type switch
    {
        Text => Gen.Frequency<Expr>((1, SomeText.Select(text => (Expr)new Lit(Text, text))), (2, Attribute(Text, TextNames))),
        Int64 => Gen.Frequency<Expr>((1, SomeNumber.Select(number => (Expr)new Lit(Int64, number))), (2, Attribute(Int64, Int64Names))),
        Bool => Gen.Frequency<Expr>((1, Gen.Bool.Select(flag => (Expr)new Lit(Bool, flag))), (2, Attribute(Bool, BoolNames))),
        _ => Gen.Frequency<Expr>((4, Attribute(Map, MapNames)), (1, Gen.Const((Expr)new EmptyMap()))),
    };

    private static Gen<Expr> Attribute(AttributeType type, string[] names) => Gen.OneOf(names).Select(name => (Expr)new Attr(type, name));

    // What exists for every type: a pipe and a condition.
    private static Gen<Expr> Common(AttributeType type, int depth) => Gen.Frequency<Expr>(
        (3, Of(type, depth).List[2, 4].Select(operands => (Expr)new Pipe(operands))),
        (1, Gen.Select(Of(Bool, depth), Of(type, depth), Of(type, depth))
            .Select((condition, first, second) => (Expr)new Conditional(false, condition, first, second))));

    private static Gen<Expr> Special(AttributeType type, int depth) => type switch
    {
        Text => Gen.Frequency<Expr>(
            (3, Indexed(depth)),
            (2, Pair(Of(Text, depth)).Select(pair => (Expr)new Calculate("+", pair.First, pair.Second))),
            (1, Of(Text, depth).Select(text => (Expr)Call(Text, "toLower({0})", values => ToLower((string)values[0]), text))),
            (1, Of(Text, depth).Select(text => (Expr)Call(Text, "reverse({0})", values => Reverse((string)values[0]), text))),
            (1, Gen.Select(Of(Bool, depth), Of(Text, depth), Of(Text, depth))
                .Select((condition, first, second) => (Expr)new Conditional(true, condition, first, second)))),
        Int64 => Gen.Frequency<Expr>(
            (4, Gen.Select(Gen.OneOf("+", "-", "*", "/", "%"), Of(Int64, depth), Of(Int64, depth))
                .Select((sign, left, right) => (Expr)new Calculate(sign, left, right))),
            (1, Of(Text, depth).Select(text => (Expr)Call(Int64, "size({0})", values => (long)Encoding.UTF8.GetByteCount((string)values[0]), text)))),
        Bool => Gen.Frequency<Expr>(
            (3, Gen.Select(Gen.OneOf("&&", "||"), Of(Bool, depth).List[2, 4]).Select((sign, operands) => (Expr)new Logic(sign, operands))),
            (2, Comparison(Text, depth)),
            (2, Comparison(Int64, depth)),
            (1, Gen.Select(Gen.OneOf("==", "!="), Of(Bool, depth), Of(Bool, depth)).Select((sign, a, b) => (Expr)new Compare(sign, a, b))),
            (1, Gen.Select(Of(Text, depth), Of(Text, depth).List[1, 3]).Select((wanted, items) => (Expr)new In(wanted, items))),
            (1, Of(Bool, depth).Select(operand => (Expr)Call(Bool, "!{0}", values => !(bool)values[0], operand))),
            (1, Gen.OneOf<Expr>(Attribute(Text, TextNames), Attribute(Map, MapNames), Indexed(depth)).Select(operand => (Expr)new Has(operand))),
            (1, TextTest("match({0}, {1})", Match, depth)),
            (1, TextTest("({0}).startsWith({1})", (text, part) => text.StartsWith(part, StringComparison.Ordinal), depth)),
            (1, TextTest("({0}).endsWith({1})", (text, part) => text.EndsWith(part, StringComparison.Ordinal), depth))),
        _ => Leaf(Map),
    };

    private static Gen<Expr> Indexed(int depth) =>
        Gen.Select(Of(Map, Math.Min(depth, 1)), Of(Text, Math.Min(depth, 1))).Select((map, key) => (Expr)new Index(map, key));

    private static Gen<Expr> Comparison(AttributeType type, int depth) =>
        Gen.Select(Gen.OneOf("==", "!=", "<", "<=", ">", ">="), Of(type, depth), Of(type, depth))
            .Select((sign, left, right) => (Expr)new Compare(sign, left, right));

    private static Gen<Expr> TextTest(string form, Func<string, string, bool> test, int depth) =>
        Pair(Of(Text, depth)).Select(pair => (Expr)Call(Bool, form, values => test((string)values[0], (string)values[1]), pair.First, pair.Second));

    private static Gen<(Expr First, Expr Second)> Pair(Gen<Expr> one) => Gen.Select(one, one).Select((first, second) => (first, second));

    private static Function Call(AttributeType type, string form, Func<object[], object> apply, params Expr[] arguments) =>
        new Function(type, form, apply, arguments);

    private static bool Match(string text, string pattern) =>
        pattern.EndsWith('*') ? text.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : pattern.StartsWith('*') ? text.EndsWith(pattern[1..], StringComparison.Ordinal)
        : text == pattern;

    private static string Reverse(string text) => string.Concat(text.EnumerateRunes().Reverse());

    private static string ToLower(string text) => string.Concat(text.EnumerateRunes().Select(Rune.ToLowerInvariant));
}
