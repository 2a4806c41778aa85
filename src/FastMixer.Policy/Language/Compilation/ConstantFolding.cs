using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Language.References;
using FastMixer.Policy.Language.Syntax;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Language.Compilation;

/// <summary>Works out what needs no request: a function of constants is a constant, or a problem that is better known now.</summary>
internal static class ConstantFolding
{
    /// <summary>The constant that a call comes to, or what it was compiled to if it needs a request.</summary>
    /// <param name="node">What the call was compiled to.</param>
    /// <param name="call">The call.</param>
    /// <param name="references">The look-ups of the snapshot.</param>
    /// <exception cref="LanguageException">Its evaluation ends with an error.</exception>
    public static TypedNode Fold(TypedNode node, Call call, ReferenceTable references)
    {
        IEnumerable<Expression> operands = call.Receiver is null ? call.Arguments : call.Arguments.Prepend(call.Receiver);
        if (node.IsConstant || node.Type == AttributeType.StringMap || !operands.All(IsConstant))
        {
            return node;
        }

        using var context = new EvaluationContext();
        context.Reset(new AttributeBag(new AttributeSelection(references.Vocabulary, [])), references);
        return TryEvaluate(node, context) ?? throw new LanguageException(call.Offset, context.Error.Describe(references.Vocabulary) + ".");
    }

    private static TypedNode? TryEvaluate(TypedNode node, EvaluationContext context)
    {
        switch (node.Type)
        {
            case AttributeType.Bool:
                return node.Bool.TryEvaluate(context, out bool flag) ? node with { Node = new Constant<bool>(flag) } : null;
            case AttributeType.Double:
                return node.Double.TryEvaluate(context, out double number) ? node with { Node = new Constant<double>(number) } : null;
            case AttributeType.Int64 or AttributeType.Timestamp or AttributeType.Duration:
                return node.Int64.TryEvaluate(context, out long integer) ? node with { Node = new Constant<long>(integer) } : null;
            default:
                return node.Bytes.TryEvaluate(context, out ReadOnlySpan<byte> bytes) ? node with { Node = new ConstantBytes(bytes.ToArray()) } : null;
        }
    }

    private static bool IsConstant(Expression expression) => expression switch
    {
        Literal => true,
        Call { Function: not ("emptyStringMap" or "has") } call =>
            call.Arguments.All(IsConstant) && (call.Receiver is null || IsConstant(call.Receiver)),
        ListOf list => list.Items.All(IsConstant),
        _ => false,
    };
}
