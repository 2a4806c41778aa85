namespace FastMixer.Policy.Config;

/// <summary>How a configuration is read. Immutable.</summary>
public sealed record ConfigOptions
{
    /// <summary>The namespace whose rules are for all requests.</summary>
    public string RootNamespace { get; init; } = "istio-system";

    /// <summary>The namespace of resources that name none.</summary>
    public string DefaultNamespace { get; init; } = "istio-system";

    /// <summary>Which configuration this is: a number that grows with each one that is loaded.</summary>
    public long Generation { get; init; }
}
