using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Language.Syntax;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Words;

namespace FastMixer.Policy.Rules.Index;

/// <summary>Recognises guards among expressions that have been compiled once, and so are known to be right.</summary>
internal sealed class GuardFinder(Compiler compiler)
{
    // One subject of an expression and everything it is compared with is enough to index by; a longer list is evaluated as it stands.
    private const int MostValues = 10_000;

    /// <summary>The guard that an expression is, or null.</summary>
    public Guard? Find(Expression expression) => expression switch
    {
        Call { Function: "==", Receiver: null, Arguments: [var left, var right] } => OfEquality(left, [right]) ?? OfEquality(right, [left]),
        Call { Function: "in", Receiver: null, Arguments: [var wanted, ListOf list] } => OfEquality(wanted, list.Items),
        Call { Function: "startsWith", Receiver: { } text, Arguments: [var prefix] } => OfText(text, prefix, GuardKind.Prefix, trim: 0),
        Call { Function: "match", Receiver: null, Arguments: [var text, var pattern] } => OfPattern(text, pattern),
        Call { Function: "||", Receiver: null, Arguments: var sides } => OfAlternatives(sides),
        _ => null,
    };

    // a == "x" || a == "y" asks what a in ["x", "y"] asks, and looks up the same.
    private Guard? OfAlternatives(IReadOnlyList<Expression> sides)
    {
        var guards = new List<Guard>(sides.Count);
        foreach (Expression side in sides)
        {
            if (Find(side) is not { } guard || guard.SubjectName != (guards.Count > 0 ? guards[0].SubjectName : guard.SubjectName)
                || guard.Kind != (guards.Count > 0 ? guards[0].Kind : guard.Kind))
            {
                return null;
            }

            guards.Add(guard);
        }

        List<byte[]> values = [.. guards.SelectMany(guard => guard.Values).Distinct(Utf8Comparer.Instance)];
        return guards[0] with { Values = guards[0].Kind == GuardKind.Prefix ? WithoutContinuations(values) : values };
    }

    // A text that begins with "ab" begins with "a": a rule must not be found twice.
    private static List<byte[]> WithoutContinuations(List<byte[]> prefixes) =>
        [.. prefixes.Where(prefix => !prefixes.Exists(other => other != prefix && prefix.AsSpan().StartsWith(other)))];

    private Guard? OfPattern(Expression text, Expression pattern) =>
        compiler.Compile(pattern, AttributeType.String).Node is not ConstantBytes { Bytes: var wanted } ? null
        : wanted is [.., (byte)'*'] ? OfText(text, pattern, GuardKind.Prefix, trim: 1)
        : wanted is [(byte)'*', ..] ? null
        : OfText(text, pattern, GuardKind.Equality, trim: 0);

    private Guard? OfText(Expression text, Expression constant, GuardKind kind, int trim)
    {
        TypedNode subject = compiler.Compile(text);
        return !subject.IsConstant && compiler.Compile(constant, AttributeType.String).Node is ConstantBytes { Bytes: var value }
            ? new Guard(ExpressionName.Of(text), new TextSubject(subject.Bytes), kind, [value[..^trim]])
            : null;
    }

    private Guard? OfEquality(Expression wanted, IReadOnlyList<Expression> constants)
    {
        TypedNode node = compiler.Compile(wanted);
        if (node.IsConstant || constants.Count > MostValues || SubjectOf(node) is not { } subject)
        {
            return null;
        }

        var values = new List<byte[]>(constants.Count);
        foreach (Expression constant in constants)
        {
            if (KeyOf(compiler.Compile(constant, node.Type)) is not { } key)
            {
                return null;
            }

            values.Add(key);
        }

        return new Guard(ExpressionName.Of(wanted), subject, GuardKind.Equality, [.. values.Distinct(Utf8Comparer.Instance)]);
    }

    private static Subject? SubjectOf(TypedNode node) => node.Type switch
    {
        AttributeType.String or AttributeType.Bytes => new TextSubject(node.Bytes),
        AttributeType.Int64 or AttributeType.Timestamp or AttributeType.Duration => new NumberSubject(node.Int64),
        AttributeType.IpAddress => new IpAddressSubject(node.Bytes),
        _ => null,
    };

    private static byte[]? KeyOf(TypedNode node) => node.Node switch
    {
        ConstantBytes bytes when node.Type == AttributeType.IpAddress => IpAddressSubject.KeyOf(bytes.Bytes),
        ConstantBytes bytes => bytes.Bytes,
        Constant<long> number => NumberSubject.KeyOf(number.Value),
        _ => null,
    };
}
