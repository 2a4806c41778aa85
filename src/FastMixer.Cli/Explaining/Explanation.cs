using FastMixer.Policy.Language.Explanation;
using FastMixer.Policy.Rules;

namespace FastMixer.Cli.Explaining;

/// <summary>What a handler would be sent.</summary>
/// <param name="Handler">The handler's full name.</param>
/// <param name="Instance">The instance's full name.</param>
/// <param name="Fields">The instance's fields; none after an error.</param>
/// <param name="Error">Why the instance cannot be evaluated, or null.</param>
internal sealed record ExplainedAction(
    string Handler, string Instance, IReadOnlyList<KeyValuePair<string, ExpressionValue>> Fields, string? Error);

/// <summary>What became of a rule that the request could match.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Matches">Whether it does; null after an error.</param>
/// <param name="Trace">What each part of its match came to; null if it is for every request.</param>
/// <param name="Actions">What its handlers would be sent.</param>
internal sealed record ExplainedRule(Rule Rule, bool? Matches, TraceNode? Trace, IReadOnlyList<ExplainedAction> Actions);

/// <summary>What a policy does with one check.</summary>
/// <param name="RuleCount">The check rules of the request's namespace.</param>
/// <param name="Candidates">Those that the index left, in rule order.</param>
/// <param name="Referenced">What the verdict depends on, as far as the rules go.</param>
/// <param name="AddsAttributes">Whether the policy would add attributes to the request, for which handlers would have to be asked.</param>
internal sealed record Explanation(
    int RuleCount, IReadOnlyList<ExplainedRule> Candidates, IReadOnlyList<LookedUp> Referenced, bool AddsAttributes);
