using FastMixer.Policy.Language.Evaluation;

namespace FastMixer.Policy.Rules;

/// <summary>A compiled match expression. Immutable; any thread may evaluate it.</summary>
public sealed class Predicate
{
    private readonly Node<bool> _node;

    /// <summary>A predicate.</summary>
    internal Predicate(string text, Node<bool> node)
    {
        Text = text;
        _node = node;
    }

    /// <summary>What the operator wrote.</summary>
    public string Text { get; }

    /// <summary>Whether the expression is true, without a request.</summary>
    internal bool? Constant => (_node as Constant<bool>)?.Value;

    /// <summary>Evaluates. No allocation.</summary>
    /// <param name="context">The request's.</param>
    /// <param name="matches">Whether the request matches; false after an error.</param>
    /// <returns>False after an error, which the context tells.</returns>
    public bool TryEvaluate(EvaluationContext context, out bool matches)
    {
        bool evaluated = _node.TryEvaluate(context, out matches);
        matches &= evaluated;
        return evaluated;
    }
}
