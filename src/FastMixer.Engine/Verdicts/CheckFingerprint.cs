using FastMixer.Caching.Keys;
using FastMixer.Policy.Language.References;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Templates;

namespace FastMixer.Engine.Verdicts;

/// <summary>
/// What a verdict depended on in the configuration, as 128 bits: the rules that the request may match, in their order, with all that they do (<see cref="Rule.Fingerprint"/>), and
/// the look-ups that were made to find just these. Where another configuration comes to the same bits for a request that has the verdict's key, it would give
/// the same verdict, with the same references: the rules are the same, and so is all that they read.
/// </summary>
internal static class CheckFingerprint
{
    // Odd, so that nothing that it multiplies is lost: from the fraction of the square root of 2.
    private static readonly UInt128 Step = new(0x6a09_e667_f3bc_c908, 0xb2fb_1366_ea95_7d3f);

    /// <summary>The fingerprint for one request, once its candidates are found and before any is evaluated. No allocation.</summary>
    /// <param name="candidates">The rules that it may match.</param>
    /// <param name="references">The look-ups so far.</param>
    public static UInt128 Of(RuleCandidates candidates, ReferenceRecorder references)
    {
        UInt128 rules = UInt128.One;
        for (int i = 0; i < candidates.Count; i++)
        {
            rules = (rules * Step) + candidates[i].Rule.Fingerprint;
        }

        UInt128 lookups = UInt128.Zero;
        foreach (Reference reference in references)
        {
            lookups += LookupFingerprint.Of(reference.Slot, reference.HasKey, reference.Key, reference.Present);
        }

        return (rules * Step) + lookups;
    }

    /// <summary>
    /// The fingerprint for every request of a configuration that adds attributes to requests: what rules are found for a request is known only when its generators
    /// have answered, so any change of a check's rule or a generator's counts as one of all.
    /// </summary>
    /// <param name="policy">The configuration.</param>
    public static UInt128 Of(Policy.Rules.Snapshot policy)
    {
        UInt128 rules = UInt128.Zero;
        foreach (Rule rule in policy.Rules.Where(rule => rule.IsFor(Variety.Check) || rule.IsFor(Variety.AttributeGenerator)))
        {
            rules = (rules * Step) + rule.Fingerprint;
        }

        return ~rules;
    }
}
