using FastMixer.Policy.Language.Evaluation;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Language.Compilation;

/// <summary>Which operators exist for which types, and the nodes that carry them out (spec/language.md, Operators).</summary>
internal static class OperatorTable
{
    /// <summary>The node of a comparison, or null if the type has none such.</summary>
    public static Node<bool>? Compare(string sign, TypedNode left, TypedNode right) => sign switch
    {
        "==" => Relate<Equal>(left, right, ordered: false),
        "!=" => Relate<NotEqual>(left, right, ordered: false),
        "<" => Relate<Less>(left, right, ordered: true),
        "<=" => Relate<LessOrEqual>(left, right, ordered: true),
        ">" => Relate<Greater>(left, right, ordered: true),
        _ => Relate<GreaterOrEqual>(left, right, ordered: true),
    };

    /// <summary>The node of an arithmetic operator, or null if the types have none such.</summary>
    public static TypedNode? Calculate(string sign, TypedNode left, TypedNode right) => (sign, left.Type, right.Type) switch
    {
        ("+", AttributeType.String, AttributeType.String) =>
            new(AttributeType.String, new Binary<ReadOnlySpan<byte>, ReadOnlySpan<byte>, Concatenate>(left.Bytes, right.Bytes)),
        (_, AttributeType.Int64, AttributeType.Int64) => new(AttributeType.Int64, OfInt64(sign, left.Int64, right.Int64)),
        (_, AttributeType.Double, AttributeType.Double) => OfDouble(sign, left.Double, right.Double) is { } node
            ? new(AttributeType.Double, node)
            : null,
        ("+" or "-", AttributeType.Duration, AttributeType.Duration) => new(AttributeType.Duration, OfInt64(sign, left.Int64, right.Int64)),
        ("+" or "-", AttributeType.Timestamp, AttributeType.Duration) => new(AttributeType.Timestamp, OfInt64(sign, left.Int64, right.Int64)),
        ("-", AttributeType.Timestamp, AttributeType.Timestamp) => new(AttributeType.Duration, OfInt64(sign, left.Int64, right.Int64)),
        _ => null,
    };

    /// <summary>The node of <c>in</c>, or null if values of the type cannot be equal.</summary>
    public static Node<bool>? IsIn(TypedNode wanted, TypedNode[] items) => wanted.Type switch
    {
        AttributeType.Int64 or AttributeType.Timestamp or AttributeType.Duration =>
            new In<long, NumberRelation<long, Equal>>(wanted.Int64, Array.ConvertAll(items, item => item.Int64)),
        AttributeType.Double => new In<double, NumberRelation<double, Equal>>(wanted.Double, Array.ConvertAll(items, item => item.Double)),
        AttributeType.Bool => new In<bool, BoolRelation<Equal>>(wanted.Bool, Array.ConvertAll(items, item => item.Bool)),
        AttributeType.StringMap => null,
        AttributeType.IpAddress => IsInBytes<IpAddressOrder>(wanted, items),
        AttributeType.DnsName => IsInBytes<DnsNameOrder>(wanted, items),
        AttributeType.EmailAddress => IsInBytes<EmailAddressOrder>(wanted, items),
        AttributeType.Uri => IsInBytes<UriOrder>(wanted, items),
        _ => IsInBytes<ByteOrder>(wanted, items),
    };

    private static In<ReadOnlySpan<byte>, BytesRelation<TOrder, Equal>> IsInBytes<TOrder>(TypedNode wanted, TypedNode[] items)
        where TOrder : struct, IBytesOrder => new(wanted.Bytes, Array.ConvertAll(items, item => item.Bytes));

    private static Node<bool>? Relate<TRelation>(TypedNode left, TypedNode right, bool ordered)
        where TRelation : struct, IRelation => left.Type switch
        {
            AttributeType.Int64 or AttributeType.Timestamp or AttributeType.Duration =>
                new Binary<long, bool, NumberRelation<long, TRelation>>(left.Int64, right.Int64),
            AttributeType.Double => new Binary<double, bool, NumberRelation<double, TRelation>>(left.Double, right.Double),
            AttributeType.Bool when !ordered => new Binary<bool, bool, BoolRelation<TRelation>>(left.Bool, right.Bool),
            AttributeType.Bool or AttributeType.StringMap => null,
            AttributeType.IpAddress when ordered => null,
            AttributeType.IpAddress => RelateBytes<IpAddressOrder, TRelation>(left, right),
            AttributeType.DnsName when !ordered => RelateBytes<DnsNameOrder, TRelation>(left, right),
            AttributeType.EmailAddress when !ordered => RelateBytes<EmailAddressOrder, TRelation>(left, right),
            AttributeType.Uri when !ordered => RelateBytes<UriOrder, TRelation>(left, right),
            _ => RelateBytes<ByteOrder, TRelation>(left, right),
        };

    private static Node<bool> RelateBytes<TOrder, TRelation>(TypedNode left, TypedNode right)
        where TOrder : struct, IBytesOrder
        where TRelation : struct, IRelation => BytesComparison.Create<BytesRelation<TOrder, TRelation>>(left.Bytes, right.Bytes);

    private static Node<long> OfInt64(string sign, Node<long> left, Node<long> right) => sign switch
    {
        "+" => new Binary<long, long, Checked<Add>>(left, right),
        "-" => new Binary<long, long, Checked<Subtract>>(left, right),
        "*" => new Binary<long, long, Checked<Multiply>>(left, right),
        "/" => new Binary<long, long, Divide>(left, right),
        _ => new Binary<long, long, Remainder>(left, right),
    };

    private static Node<double>? OfDouble(string sign, Node<double> left, Node<double> right) => sign switch
    {
        "+" => new Binary<double, double, AddDouble>(left, right),
        "-" => new Binary<double, double, SubtractDouble>(left, right),
        "*" => new Binary<double, double, MultiplyDouble>(left, right),
        "/" => new Binary<double, double, DivideDouble>(left, right),
        _ => null,
    };
}
