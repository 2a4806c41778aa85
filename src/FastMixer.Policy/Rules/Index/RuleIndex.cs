using System.Runtime.InteropServices;
using FastMixer.Policy.Language.Evaluation;

namespace FastMixer.Policy.Rules.Index;

/// <summary>
/// Finds the rules of one namespace that a request can match, at a cost that does not grow with their number. Rules whose matches begin with a
/// comparison of one subject with constants share one look-up; those that it leaves may share the next comparison, and so on. Since a match is
/// evaluated from the left and stops at the first part that is false, the index looks up just what evaluating every match would: the referenced
/// attributes are the same, and a rule that is passed over has referenced what it was passed over for. Immutable.
/// </summary>
internal sealed class RuleIndex
{
    private readonly IndexLevel _top;

    /// <summary>An index.</summary>
    /// <param name="rules">The rules, in order.</param>
    public RuleIndex(IReadOnlyList<Rule> rules)
    {
        Groups = [];
        _top = IndexLevel.Build([.. rules.Select((rule, order) => new Remainder(rule, order, 0))], depth: 0, Groups);
    }

    /// <summary>Every group of rules that share a look-up, at any depth.</summary>
    public List<SubjectGroup> Groups { get; }

    /// <summary>Adds the candidates, in rule order.</summary>
    /// <param name="context">The request's.</param>
    /// <param name="candidates">Takes them.</param>
    public void Find(EvaluationContext context, RuleCandidates candidates)
    {
        int start = candidates.Count;
        _top.Collect(context, candidates);
        context.ReleaseScratch();
        candidates.Sort(start);
    }
}

/// <summary>A rule of whose match the first conjuncts are known to hold.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Order">Where it stands.</param>
/// <param name="Held">How many conjuncts hold.</param>
internal readonly record struct Remainder(Rule Rule, int Order, int Held)
{
    /// <summary>The guard that its next conjunct is, or null.</summary>
    public Guard? Guard => Rule.Match is { } match && Held < match.Conjuncts.Count ? match.Conjuncts[Held].Guard : null;

    /// <summary>The same rule with one conjunct more known to hold.</summary>
    public Remainder Next => this with { Held = Held + 1 };

    /// <summary>What is to be evaluated of it when it is met.</summary>
    public RuleCandidate ToCandidate() =>
        new(Rule, Order, Rule.Match is { } match && Held < match.Conjuncts.Count ? match.After(Held) : null);
}

/// <summary>Rules that are told apart no further by what was looked up so far: candidates as they are, or by one look-up more. Immutable.</summary>
internal sealed class IndexLevel
{
    // Below this, evaluating each rule costs no more than the look-up.
    private const int FewestToShare = 3;
    private const int MaxDepth = 8;

    private readonly RuleCandidate[] _candidates;
    private readonly SubjectGroup[] _groups;

    private IndexLevel(RuleCandidate[] candidates, SubjectGroup[] groups)
    {
        _candidates = candidates;
        _groups = groups;
    }

    /// <summary>A level.</summary>
    /// <param name="rules">The rules that come to it, in order.</param>
    /// <param name="depth">How many look-ups lead to it.</param>
    /// <param name="groups">Takes every group that is made.</param>
    public static IndexLevel Build(IReadOnlyList<Remainder> rules, int depth, List<SubjectGroup> groups)
    {
        var bySubject = new Dictionary<string, List<Remainder>>(StringComparer.Ordinal);
        foreach (Remainder rule in rules)
        {
            if (rule.Guard is { } guard && depth < MaxDepth)
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(bySubject, guard.SubjectName, out _) ??= []).Add(rule);
            }
        }

        List<List<Remainder>> shared = [.. bySubject.Values.Where(group => group.Count >= FewestToShare)];
        HashSet<int> indexed = [.. shared.SelectMany(group => group.Select(rule => rule.Order))];
        return new IndexLevel(
            [.. rules.Where(rule => !indexed.Contains(rule.Order)).Select(rule => rule.ToCandidate())],
            [.. shared.Select(group => SubjectGroup.Build(group, depth, groups))]);
    }

    /// <summary>Adds the candidates, in no order.</summary>
    public void Collect(EvaluationContext context, RuleCandidates candidates)
    {
        candidates.Add(_candidates);
        foreach (SubjectGroup group in _groups)
        {
            group.Collect(context, candidates);
        }
    }
}
