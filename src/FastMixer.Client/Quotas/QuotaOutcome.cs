using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Quotas;

/// <summary>What a verdict and its quotas come to together.</summary>
internal static class QuotaOutcome
{
    /// <summary>The result of a check that takes from quotas: one that granted nothing of what was asked for denies the request.</summary>
    /// <param name="verdict">What the policy says.</param>
    /// <param name="asked">What was asked for.</param>
    /// <param name="grants">What was granted, in the same order.</param>
    public static CheckResult Of(CheckResult verdict, IReadOnlyList<QuotaRequest> asked, IReadOnlyList<QuotaGrant> grants)
    {
        if (!verdict.IsAllowed)
        {
            return verdict;
        }

        List<string>? exhausted = null;
        for (int i = 0; i < Math.Min(asked.Count, grants.Count); i++)
        {
            if (asked[i].Amount > 0 && grants[i].Granted <= 0)
            {
                (exhausted ??= []).Add(asked[i].Name);
            }
        }

        return exhausted is null
            ? verdict.With(grants)
            : new CheckResult(
                StatusCode.ResourceExhausted,
                verdict.Origin,
                new VerdictText($"Quota is exhausted for: {string.Join(", ", exhausted)}", RouteDirective.None),
                grants);
    }
}
