using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Language.Explanation;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Templates;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Cli.Explaining;

/// <summary>Takes a check through the rules as a server does, without asking any handler, and keeps what it saw.</summary>
internal static class Explainer
{
    /// <summary>Explains a check.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="attributes">The request's.</param>
    public static Explanation Explain(Snapshot policy, AttributeBag attributes)
    {
        using var context = new EvaluationContext();
        using var values = new InstanceValues();
        context.Reset(attributes, policy.References);
        var candidates = new RuleCandidates();
        RuleSet rules = policy.Checks.Find(context);
        rules.Find(context, candidates);
        ExplainedRule[] explained =
            [.. Enumerable.Range(0, candidates.Count).Select(i => ExplainRule(candidates[i], policy, context, values))];
        return new Explanation(rules.Rules.Count, explained, LookedUp.All(context.References), policy.Generators.Any);
    }

    private static ExplainedRule ExplainRule(RuleCandidate candidate, Snapshot policy, EvaluationContext context, InstanceValues values)
    {
        bool? matches = true;
        if (candidate.Rest is { } rest)
        {
            matches = rest.TryEvaluate(context, out bool holds) ? holds : null;
            context.ReleaseScratch();
        }

        TraceNode? trace = candidate.Rule.Match is { } match && ExpressionProbe.TryCompile(match.Text, policy.Vocabulary, out ExpressionProbe? probe, out _)
            ? probe.Trace(context.Attributes)
            : null;
        IEnumerable<RuleAction> actions = matches == true ? candidate.Rule.Actions : [];
        return new ExplainedRule(
            candidate.Rule,
            matches,
            trace,
            [.. actions.Where(action => action.Instance.Template.Variety == Variety.Check).Select(action => ExplainAction(action, policy, context, values))]);
    }

    private static ExplainedAction ExplainAction(RuleAction action, Snapshot policy, EvaluationContext context, InstanceValues values)
    {
        bool evaluated = values.TryEvaluate(action.Instance, context, out int failed);
        InstanceField? field = evaluated ? null : action.Instance.Fields[failed];
        return new ExplainedAction(
            policy.Handlers[action.Handler].FullName,
            action.Instance.FullName,
            evaluated ? ValueReader.ReadFields(values) : [],
            field is null ? null : $"{field.Key ?? field.Path}: {context.Error.Describe(policy.Vocabulary)}");
    }
}
