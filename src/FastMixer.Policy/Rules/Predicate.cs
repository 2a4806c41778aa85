using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Rules.Index;

namespace FastMixer.Policy.Rules;

/// <summary>A part of a match that must hold, one side of its <c>&amp;&amp;</c>.</summary>
/// <param name="Node">What evaluates it.</param>
/// <param name="Guard">What the rule index knows it by, or null.</param>
internal sealed record Conjunct(Node<bool> Node, Guard? Guard);

/// <summary>A compiled match expression, or what is left of one. Immutable; any thread may evaluate it.</summary>
public sealed class Predicate
{
    private readonly Node<bool> _node;

    /// <summary>A predicate.</summary>
    /// <param name="text">What the operator wrote.</param>
    /// <param name="conjuncts">Its parts, in their order; at least one.</param>
    internal Predicate(string text, IReadOnlyList<Conjunct> conjuncts)
    {
        Text = text;
        Conjuncts = conjuncts;
        _node = Join([.. conjuncts.Select(conjunct => conjunct.Node)]);
    }

    /// <summary>What the operator wrote.</summary>
    public string Text { get; }

    /// <summary>Its parts, in their order.</summary>
    internal IReadOnlyList<Conjunct> Conjuncts { get; }

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

    /// <summary>What is left when the first conjuncts are known to hold.</summary>
    /// <param name="held">How many; fewer than there are.</param>
    internal Predicate After(int held) => held == 0 ? this : new Predicate(Text, [.. Conjuncts.Skip(held)]);

    // A tree of depth log n, so that a long chain does not exhaust the stack.
    private static Node<bool> Join(ReadOnlySpan<Node<bool>> nodes) => nodes.Length == 1
        ? nodes[0]
        : new And(Join(nodes[..(nodes.Length / 2)]), Join(nodes[(nodes.Length / 2)..]));
}
