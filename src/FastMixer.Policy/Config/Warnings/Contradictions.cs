using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Language.Syntax;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Rules.Index;

namespace FastMixer.Policy.Config.Warnings;

/// <summary>
/// Finds matches that no request can fulfil: a part of the <c>&amp;&amp;</c> that is false, or two that compare the same thing with constants that
/// exclude each other. Only what is certain; the comparisons are those that the rule index knows, and their negations.
/// </summary>
internal sealed class Contradictions(GuardFinder guards)
{
    /// <summary>Looks for a contradiction.</summary>
    /// <param name="match">The match, as it was parsed.</param>
    /// <param name="predicate">The same, as it was compiled.</param>
    /// <param name="offset">Where in the text the part stands that cannot hold.</param>
    /// <param name="against">Where the part stands that excludes it; the same if it cannot hold whatever the others say.</param>
    public bool TryFind(Expression match, Predicate predicate, out int offset, out int against)
    {
        (offset, against) = (Start(match), Start(match));
        if (predicate.Constant is { } constant)
        {
            return !constant;
        }

        List<Expression> parts = [];
        AddParts(match, parts);
        var claims = new Dictionary<string, List<Claim>>(StringComparer.Ordinal);
        for (int i = 0; i < parts.Count; i++)
        {
            (offset, against) = (Start(parts[i]), Start(parts[i]));
            if (predicate.Conjuncts[i].Node is Constant<bool> { Value: false })
            {
                return true;
            }

            if (ClaimOf(parts[i], predicate.Conjuncts[i].Guard) is not { } claim)
            {
                continue;
            }

            List<Claim> others = claims.TryGetValue(claim.Guard.SubjectName, out List<Claim>? known) ? known : claims[claim.Guard.SubjectName] = [];
            int excluding = others.FindIndex(other => claim.Excludes(other));
            if (excluding >= 0)
            {
                against = others[excluding].Offset;
                return true;
            }

            others.Add(claim);
        }

        return false;
    }

    private Claim? ClaimOf(Expression part, Guard? guard) => (guard, part) switch
    {
        (not null, _) => new Claim(Start(part), guard, Holds: true),
        (_, Call { Function: "!", Arguments: [var denied] }) when guards.Find(denied) is { } found => new Claim(Start(part), found, Holds: false),
        (_, Call { Function: "!=", Receiver: null } call) when guards.Find(call with { Function = "==" }) is { } found => new Claim(Start(part), found, Holds: false),
        _ => null,
    };

    // In the order in which the compiler takes a match apart.
    private static void AddParts(Expression expression, List<Expression> parts)
    {
        if (expression is Call { Function: "&&", Receiver: null } chain)
        {
            foreach (Expression side in chain.Arguments)
            {
                AddParts(side, parts);
            }
        }
        else
        {
            parts.Add(expression);
        }
    }

    // An operator's offset is that of its sign.
    private static int Start(Expression expression) => expression switch
    {
        Call call => call.Arguments.Prepend(call.Receiver).OfType<Expression>().Select(Start).Append(call.Offset).Min(),
        _ => expression.Offset,
    };

    /// <summary>What a part of the match says of its subject.</summary>
    /// <param name="Offset">Where it stands.</param>
    /// <param name="Guard">The comparison.</param>
    /// <param name="Holds">Whether it is to hold; else it is denied.</param>
    private sealed record Claim(int Offset, Guard Guard, bool Holds)
    {
        /// <summary>Whether no value fulfils both.</summary>
        public bool Excludes(Claim other) => (Holds, other.Holds) switch
        {
            (true, true) => !Guard.Values.Any(value => other.Guard.Values.Any(wanted => CanBoth(value, other.Guard, wanted))),
            (true, false) => Guard.Values.All(value => other.Guard.Values.Any(denied => Implies(Guard.Kind, value, other.Guard.Kind, denied))),
            (false, true) => other.Excludes(this),
            _ => false,
        };

        private bool CanBoth(byte[] value, Guard other, byte[] wanted) =>
            Implies(Guard.Kind, value, other.Kind, wanted) || Implies(other.Kind, wanted, Guard.Kind, value);

        // Whether every text that fulfils the first comparison fulfils the second.
        private static bool Implies(GuardKind kind, byte[] value, GuardKind impliedKind, byte[] implied) => impliedKind == GuardKind.Prefix
            ? value.AsSpan().StartsWith(implied)
            : kind == GuardKind.Equality && value.AsSpan().SequenceEqual(implied);
    }
}
