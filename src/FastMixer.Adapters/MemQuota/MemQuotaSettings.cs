namespace FastMixer.Adapters.MemQuota;

/// <summary>How much of a quota there is, and for how long what is taken stays taken.</summary>
/// <param name="MaxAmount">How much there is for each combination of dimensions.</param>
/// <param name="ValidDuration">How long what is taken stays taken; zero until it is given back.</param>
internal sealed record QuotaLimit(long MaxAmount, TimeSpan ValidDuration);

/// <summary>Another limit for some values of the dimensions.</summary>
/// <param name="Dimensions">The values, by the name of the dimension, as they were written.</param>
/// <param name="Limit">The limit.</param>
internal sealed record QuotaOverride(IReadOnlyList<KeyValuePair<string, string>> Dimensions, QuotaLimit Limit);

/// <summary>The limits of one instance.</summary>
/// <param name="Name">The instance's name, or its full name.</param>
/// <param name="Limit">The limit where no override matches.</param>
/// <param name="Overrides">Other limits; the first that matches holds.</param>
internal sealed record QuotaLimits(string Name, QuotaLimit Limit, IReadOnlyList<QuotaOverride> Overrides);

/// <summary>The parameters of a <c>memquota</c> handler.</summary>
/// <param name="Quotas">The limits of each instance.</param>
/// <param name="MinDeduplicationDuration">How long an answer is remembered at least, so that a check that is sent again takes nothing again.</param>
/// <param name="MaxCounters">How many combinations of dimensions there may be at once.</param>
internal sealed record MemQuotaSettings(IReadOnlyList<QuotaLimits> Quotas, TimeSpan MinDeduplicationDuration, int MaxCounters)
{
    /// <summary>The limits of an instance, or null if there are none.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="fullName">Its full name.</param>
    public QuotaLimits? Find(string name, string fullName) =>
        Quotas.FirstOrDefault(quota => quota.Name == fullName) ?? Quotas.FirstOrDefault(quota => quota.Name == name);
}
