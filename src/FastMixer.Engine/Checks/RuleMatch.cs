using FastMixer.Engine.Diagnostics;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Rules;

namespace FastMixer.Engine.Checks;

/// <summary>Evaluates matches, and counts those that cannot be.</summary>
internal static class RuleMatch
{
    /// <summary>What became of a match.</summary>
    public enum Result
    {
        /// <summary>The rule is not for this request.</summary>
        NoMatch,

        /// <summary>The rule is for this request.</summary>
        Match,

        /// <summary>The match could not be evaluated, which the context tells.</summary>
        Error,
    }

    /// <summary>Evaluates. No allocation.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="match">What is to be evaluated of its match; null if it is for every request.</param>
    /// <param name="context">The request's.</param>
    /// <param name="counters">Counts an error.</param>
    public static Result Evaluate(Rule rule, Predicate? match, EvaluationContext context, EngineCounters counters)
    {
        if (match is null)
        {
            return Result.Match;
        }

        bool evaluated = match.TryEvaluate(context, out bool matches);
        context.ReleaseScratch();
        if (evaluated)
        {
            return matches ? Result.Match : Result.NoMatch;
        }

        counters.CountError(rule, RuleError.Match);
        return Result.Error;
    }
}
