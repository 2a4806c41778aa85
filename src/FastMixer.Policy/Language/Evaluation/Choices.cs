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
