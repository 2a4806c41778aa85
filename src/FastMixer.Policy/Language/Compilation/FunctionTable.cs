using FastMixer.Policy.Language.Evaluation;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Language.Compilation;

/// <summary>A function with fixed types.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsMethod">Whether its first argument stands before the dot.</param>
/// <param name="Arguments">The types of its arguments, the receiver first.</param>
/// <param name="Result">The type of its result.</param>
/// <param name="Create">Makes its node.</param>
internal sealed record Function(
    string Name, bool IsMethod, AttributeType[] Arguments, AttributeType Result, Func<IReadOnlyList<TypedNode>, object> Create)
{
    /// <summary>How it is called, for messages.</summary>
    public string Signature
    {
        get
        {
            IEnumerable<string> types = Arguments.Select(type => type.Name());
            return IsMethod ? $"{types.First()}.{Name}({string.Join(", ", types.Skip(1))})" : $"{Name}({string.Join(", ", types)})";
        }
    }
}

/// <summary>The functions with fixed types (spec/language.md, Functions).</summary>
internal static class FunctionTable
{
    private static readonly Function[] All =
    [
        TextTest<StartsWith>("startsWith", isMethod: true),
        TextTest<EndsWith>("endsWith", isMethod: true),
        TextTest<WildcardMatch>("match", isMethod: false),
        FromText<ToLower>("toLower", AttributeType.String),
        FromText<Reverse>("reverse", AttributeType.String),
        FromText<Reverse>("reverse", AttributeType.String) with { IsMethod = true },
        new("size", false, [AttributeType.String], AttributeType.Int64, arguments => new Unary<ReadOnlySpan<byte>, long, Size>(arguments[0].Bytes)),
        FromText<ParseIpAddress>("ip", AttributeType.IpAddress),
        FromText<CheckForm<DnsNameForm>>("dnsName", AttributeType.DnsName),
        FromText<CheckForm<EmailAddressForm>>("email", AttributeType.EmailAddress),
        FromText<CheckForm<UriForm>>("uri", AttributeType.Uri),
        new(
            "timestamp",
            false,
            [AttributeType.String],
            AttributeType.Timestamp,
            arguments => new Unary<ReadOnlySpan<byte>, long, ParseTimestamp>(arguments[0].Bytes)),
        new("emptyStringMap", false, [], AttributeType.StringMap, _ => new Constant<MapValue>(new MapValue(Vocabulary.NoSlot))),
    ];

    /// <summary>The names of functions that the compiler knows beyond this table, and of those in it.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. All.Select(function => function.Name), "matches", "conditional", "conditionalString", "has"];

    /// <summary>Finds a function.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="asMethod">Whether it was called with a receiver.</param>
    /// <returns>The function as it was called; else one of that name that is called otherwise; else null.</returns>
    public static Function? Find(string name, bool asMethod) =>
        Array.Find(All, function => function.Name == name && function.IsMethod == asMethod) ?? Array.Find(All, function => function.Name == name);

    private static Function TextTest<TOperator>(string name, bool isMethod)
        where TOperator : struct, IBinary<ReadOnlySpan<byte>, bool> =>
        new(
            name,
            isMethod,
            [AttributeType.String, AttributeType.String],
            AttributeType.Bool,
            arguments => BytesComparison.Create<TOperator>(arguments[0].Bytes, arguments[1].Bytes));

    private static Function FromText<TOperator>(string name, AttributeType result)
        where TOperator : struct, IUnary<ReadOnlySpan<byte>, ReadOnlySpan<byte>> =>
        new(
            name,
            false,
            [AttributeType.String],
            result,
            arguments => new Unary<ReadOnlySpan<byte>, ReadOnlySpan<byte>, TOperator>(arguments[0].Bytes));
}
