namespace FastMixer.Policy.Rules;

/// <summary>What an error means for a check or a quota: one of an expression of a rule, or of a handler that fails.</summary>
public enum ErrorPolicy
{
    /// <summary>
    /// Nothing was said, and the original's behaviour holds: a match that cannot be evaluated does not match; an instance that cannot be
    /// evaluated, or a handler that fails, leaves a check without a verdict and a quota without a grant.
    /// </summary>
    Unspecified,

    /// <summary>The check is denied; nothing is granted of the quota.</summary>
    Deny,

    /// <summary>What could not be asked counts as allowed or granted, and is not to be reused. The rest of the rule holds.</summary>
    Allow,

    /// <summary>The whole rule counts as not matching, also what other actions of it have said.</summary>
    IgnoreRule,
}

/// <summary>The names that configurations have for error policies.</summary>
public static class ErrorPolicies
{
    private static readonly (string Name, ErrorPolicy Policy)[] Known =
        [("deny", ErrorPolicy.Deny), ("allow", ErrorPolicy.Allow), ("ignore-rule", ErrorPolicy.IgnoreRule)];

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(known => known.Name)];

    /// <summary>The policy that a name stands for.</summary>
    /// <param name="name">The name.</param>
    /// <param name="policy">The policy.</param>
    /// <returns>False if there is none such.</returns>
    public static bool TryParse(string name, out ErrorPolicy policy)
    {
        (string Name, ErrorPolicy Policy) found = Array.Find(Known, known => known.Name == name);
        policy = found.Policy;
        return found.Name is not null;
    }
}
