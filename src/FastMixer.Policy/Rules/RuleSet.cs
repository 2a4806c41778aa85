using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Rules.Index;

namespace FastMixer.Policy.Rules;

/// <summary>The rules of one variety that one namespace's requests may meet, in order: the root namespace's first. Immutable.</summary>
public sealed class RuleSet
{
    private readonly RuleIndex _root;
    private readonly RuleIndex? _own;

    /// <summary>The root namespace's rules.</summary>
    internal RuleSet(IReadOnlyList<Rule> root)
    {
        _root = new RuleIndex(root);
        Rules = root;
    }

    /// <summary>The root namespace's rules, and behind them those of another namespace.</summary>
    internal RuleSet(RuleSet root, IReadOnlyList<Rule> own)
    {
        _root = root._root;
        _own = new RuleIndex(own);
        Rules = new Concatenation<Rule>(root.Rules, own);
    }

    /// <summary>The rules that do something for the variety.</summary>
    public IReadOnlyList<Rule> Rules { get; }

    /// <summary>Groups of rules that share a look-up, those of the root namespace aside where there is another.</summary>
    internal IReadOnlyList<SubjectGroup> OwnGroups => (_own ?? _root).Groups;

    /// <summary>Finds the rules that a request may match. No allocation once the candidates' room has grown.</summary>
    /// <param name="context">The request's; takes the look-ups that were made to find them.</param>
    /// <param name="candidates">Takes them, in rule order; what it held is forgotten.</param>
    public void Find(EvaluationContext context, RuleCandidates candidates)
    {
        candidates.Clear();
        _root.Find(context, candidates);
        _own?.Find(context, candidates);
    }
}
