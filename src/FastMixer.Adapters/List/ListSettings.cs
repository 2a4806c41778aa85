using FastMixer.Adapters.Backends;

namespace FastMixer.Adapters.List;

/// <summary>A list handler's parameters.</summary>
/// <param name="Type">What the entries are.</param>
/// <param name="Overrides">The entries that the parameters hold.</param>
/// <param name="OverrideTexts">Their texts, to be added to what a provider has.</param>
/// <param name="Provider">Where more entries are from; null if the overrides are all.</param>
/// <param name="IsBlacklist">Whether what is in the list is denied.</param>
/// <param name="CachingInterval">How long an answer may be reused.</param>
/// <param name="CachingUseCount">How often an answer may be reused.</param>
internal sealed record ListSettings(
    EntryType Type,
    IEntryList Overrides,
    IReadOnlyList<string> OverrideTexts,
    ProviderSettings? Provider,
    bool IsBlacklist,
    TimeSpan CachingInterval,
    int CachingUseCount);

/// <summary>Where a list comes from, and how often.</summary>
/// <param name="Backend">The URL, <c>http</c>, <c>https</c> or <c>file</c>, and how HTTP is spoken.</param>
/// <param name="RefreshInterval">How often it is asked for; each time up to a fifth earlier.</param>
/// <param name="Life">How long a list is used that cannot be renewed.</param>
/// <param name="RequestTimeout">How long an answer may take, its body included.</param>
/// <param name="MaxBytes">How long its text may be.</param>
/// <param name="MaxEntries">How many entries it may have.</param>
internal sealed record ProviderSettings(
    HttpBackendSettings Backend, TimeSpan RefreshInterval, TimeSpan Life, TimeSpan RequestTimeout, int MaxBytes, int MaxEntries);
