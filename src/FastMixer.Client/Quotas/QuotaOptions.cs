namespace FastMixer.Client.Quotas;

/// <summary>How quotas are taken ahead. Immutable.</summary>
public sealed record QuotaOptions
{
    /// <summary>Whether amounts are taken ahead by recent demand. Without, every check that takes from a quota asks a server.</summary>
    public bool Prefetch { get; init; } = true;
}
