namespace FastMixer.Policy.Language.Evaluation;

/// <summary><c>a | b</c>: the left side, or the right one if what the left side looks up is absent.</summary>
internal sealed class Pipe<T>(Node<T> left, Node<T> right) : Node<T>
    where T : allows ref struct
{
    /// <inheritdoc/>
    public override Outcome Evaluate(EvaluationContext context, out T value)
    {
        Outcome outcome = left.Evaluate(context, out value);
        return outcome == Outcome.Absent ? right.Evaluate(context, out value) : outcome;
    }
}

/// <summary><c>conditional(c, a, b)</c>: only the chosen side is evaluated.</summary>
internal sealed class Conditional<T>(Node<bool> condition, Node<T> whenTrue, Node<T> whenFalse) : Node<T>
    where T : allows ref struct
{
    /// <inheritdoc/>
    public override Outcome Evaluate(EvaluationContext context, out T value)
    {
        if (!condition.TryEvaluate(context, out bool chosen))
        {
            value = default!;
            return Outcome.Error;
        }

        return (chosen ? whenTrue : whenFalse).TryEvaluate(context, out value) ? Outcome.Value : Outcome.Error;
    }
}

/// <summary><c>conditionalString(c, a, b)</c>: all three are evaluated, as in the original, so that all must be present.</summary>
internal sealed class EagerConditional<T>(Node<bool> condition, Node<T> whenTrue, Node<T> whenFalse) : Node<T>
    where T : allows ref struct
{
    /// <inheritdoc/>
    public override Outcome Evaluate(EvaluationContext context, out T value)
    {
        if (condition.TryEvaluate(context, out bool chosen)
            && whenTrue.TryEvaluate(context, out T first)
            && whenFalse.TryEvaluate(context, out T second))
        {
            value = chosen ? first : second;
            return Outcome.Value;
        }

        value = default!;
        return Outcome.Error;
    }
}

/// <summary><c>a in [b, c]</c>: whether the left side equals an item. It is evaluated once; the items in order, up to the first that is equal.</summary>
internal sealed class In<T, TEqual>(Node<T> wanted, Node<T>[] items) : Node<bool>
    where T : allows ref struct
    where TEqual : struct, IBinary<T, bool>
{
    /// <inheritdoc/>
    public override Outcome Evaluate(EvaluationContext context, out bool value)
    {
        value = false;
        if (!wanted.TryEvaluate(context, out T left))
        {
            return Outcome.Error;
        }

        foreach (Node<T> item in items)
        {
            if (!item.TryEvaluate(context, out T right) || TEqual.Apply(context, left, right, out value) != Outcome.Value)
            {
                return Outcome.Error;
            }

            if (value)
            {
                break;
            }
        }

        return Outcome.Value;
    }
}

/// <summary><c>a &amp;&amp; b</c>: stops at the first false.</summary>
internal sealed class And(Node<bool> left, Node<bool> right) : Node<bool>
{
    /// <inheritdoc/>
    public override Outcome Evaluate(EvaluationContext context, out bool value)
    {
        if (!left.TryEvaluate(context, out value))
        {
            return Outcome.Error;
        }

        return !value || right.TryEvaluate(context, out value) ? Outcome.Value : Outcome.Error;
    }
}

/// <summary><c>a || b</c>: stops at the first true.</summary>
internal sealed class Or(Node<bool> left, Node<bool> right) : Node<bool>
{
    /// <inheritdoc/>
    public override Outcome Evaluate(EvaluationContext context, out bool value)
    {
        if (!left.TryEvaluate(context, out value))
        {
            return Outcome.Error;
        }

        return value || right.TryEvaluate(context, out value) ? Outcome.Value : Outcome.Error;
    }
}

/// <summary><c>!a</c>.</summary>
internal sealed class Not(Node<bool> operand) : Node<bool>
{
    /// <inheritdoc/>
    public override Outcome Evaluate(EvaluationContext context, out bool value)
    {
        bool evaluated = operand.TryEvaluate(context, out bool inner);
        value = !inner;
        return evaluated ? Outcome.Value : Outcome.Error;
    }
}

/// <summary><c>has(a)</c>: whether an attribute, or a key of a map, is present.</summary>
internal sealed class Has<T>(Node<T> operand) : Node<bool>
    where T : allows ref struct
{
    /// <inheritdoc/>
    public override Outcome Evaluate(EvaluationContext context, out bool value)
    {
        Outcome outcome = operand.Evaluate(context, out _);
        value = outcome == Outcome.Value;
        return outcome == Outcome.Error ? Outcome.Error : Outcome.Value;
    }
}
