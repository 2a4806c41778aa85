using System.Linq.Expressions;
using FastMixer.Policy.Language.Evaluation;

namespace FastMixer.Benchmarks.Expressions;

/// <summary>
/// An alternative: the whole expression as one method, made at run time by System.Linq.Expressions. Spans cannot be variables of such a tree, so
/// that each comparison is a call of a method that holds its span itself.
/// </summary>
internal static class ExpressionTree
{
    /// <summary>1 for true, 0 for false, −1 for an error.</summary>
    public delegate int Evaluate(EvaluationContext context);

    /// <summary>The sample as a method.</summary>
    public static Evaluate Compile(SampleExpression sample)
    {
        ParameterExpression context = Expression.Parameter(typeof(EvaluationContext));
        Expression left = Call(nameof(EqualBytes), context, sample.NamespaceSlot, sample.NamespaceReference, "default"u8.ToArray());
        Expression middle = Expression.Call(
            typeof(ExpressionTree).GetMethod(nameof(KeyStartsWith))!,
            context,
            Expression.Constant(sample.HeadersSlot),
            Expression.Constant(sample.HeadersReference),
            Expression.Constant(sample.CookieReference),
            Expression.Constant("cookie"u8.ToArray()),
            Expression.Constant("user="u8.ToArray()));
        Expression right = Call(nameof(EqualAddress), context, sample.IpSlot, sample.IpReference, [10, 0, 0, 1]);
        return Expression.Lambda<Evaluate>(Or(And(left, middle), right), context).Compile();
    }

    public static int EqualBytes(EvaluationContext context, int slot, int reference, byte[] constant) =>
        TryGet(context, slot, reference, out ReadOnlySpan<byte> text) ? (text.SequenceEqual(constant) ? 1 : 0) : -1;

    public static int EqualAddress(EvaluationContext context, int slot, int reference, byte[] constant) =>
        TryGet(context, slot, reference, out ReadOnlySpan<byte> address) ? (IpAddressOrder.Compare(address, constant) == 0 ? 1 : 0) : -1;

    public static int KeyStartsWith(EvaluationContext context, int slot, int reference, int keyReference, byte[] key, byte[] prefix)
    {
        if (!context.Attributes.Contains(slot))
        {
            context.References.Note(reference, present: false);
            context.Missing(slot);
            return -1;
        }

        bool present = context.Attributes.TryGetMapValue(slot, key, out ReadOnlySpan<byte> text);
        context.References.Note(keyReference, present);
        return text.StartsWith(prefix) ? 1 : 0;
    }

    private static bool TryGet(EvaluationContext context, int slot, int reference, out ReadOnlySpan<byte> text)
    {
        bool found = context.Attributes.TryGetBytes(slot, out text);
        context.References.Note(reference, found);
        if (!found)
        {
            context.Missing(slot);
        }

        return found;
    }

    private static MethodCallExpression Call(string method, Expression context, int slot, int reference, byte[] constant) => Expression.Call(
        typeof(ExpressionTree).GetMethod(method)!, context, Expression.Constant(slot), Expression.Constant(reference), Expression.Constant(constant));

    private static BlockExpression And(Expression left, Expression right) => Choose(left, right, goesOn: 1);

    private static BlockExpression Or(Expression left, Expression right) => Choose(left, right, goesOn: 0);

    private static BlockExpression Choose(Expression left, Expression right, int goesOn)
    {
        ParameterExpression result = Expression.Variable(typeof(int));
        return Expression.Block(
            [result],
            Expression.Assign(result, left),
            Expression.Condition(Expression.Equal(result, Expression.Constant(goesOn)), right, result));
    }
}
