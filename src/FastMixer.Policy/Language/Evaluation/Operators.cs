namespace FastMixer.Policy.Language.Evaluation;

/// <summary>How two values of a type are taken together; a struct, so that each operator compiles to its own code.</summary>
/// <typeparam name="T">The operands' type.</typeparam>
/// <typeparam name="TResult">The result's type.</typeparam>
internal interface IBinary<T, TResult>
    where T : allows ref struct
    where TResult : allows ref struct
{
    /// <summary>Applies the operator.</summary>
    static abstract Outcome Apply(EvaluationContext context, T left, T right, out TResult result);
}

/// <summary>An operator of two operands, or a function of two arguments: both are evaluated, and what is absent is an error.</summary>
internal sealed class Binary<T, TResult, TOperator>(Node<T> left, Node<T> right) : Node<TResult>
    where T : allows ref struct
    where TResult : allows ref struct
    where TOperator : struct, IBinary<T, TResult>
{
    /// <inheritdoc/>
    public override Outcome Evaluate(EvaluationContext context, out TResult result)
    {
        if (left.TryEvaluate(context, out T first) && right.TryEvaluate(context, out T second))
        {
            return TOperator.Apply(context, first, second, out result);
        }

        result = default!;
        return Outcome.Error;
    }
}

/// <summary>How one value is turned into another.</summary>
internal interface IUnary<T, TResult>
    where T : allows ref struct
    where TResult : allows ref struct
{
    /// <summary>Applies the function.</summary>
    static abstract Outcome Apply(EvaluationContext context, T operand, out TResult result);
}

/// <summary>An operator of one operand, or a function of one argument; what is absent is an error.</summary>
internal sealed class Unary<T, TResult, TOperator>(Node<T> operand) : Node<TResult>
    where T : allows ref struct
    where TResult : allows ref struct
    where TOperator : struct, IUnary<T, TResult>
{
    /// <inheritdoc/>
    public override Outcome Evaluate(EvaluationContext context, out TResult result)
    {
        if (operand.TryEvaluate(context, out T value))
        {
            return TOperator.Apply(context, value, out result);
        }

        result = default!;
        return Outcome.Error;
    }
}
