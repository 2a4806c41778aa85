using FastMixer.Policy.Language.Compilation;

namespace FastMixer.Policy.Config;

/// <summary>What a resource is called.</summary>
/// <param name="Name">Its name within kind and namespace.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Namespace">Its namespace.</param>
internal sealed record ResourceName(string Name, string Kind, string Namespace)
{
    /// <summary><c>name.kind.namespace</c>.</summary>
    public override string ToString() => $"{Name}.{Kind}.{Namespace}";

    /// <summary>
    /// What a reference may mean, the first that exists: with two dots it is a full name; <c>x.y</c> is first name and kind, then name and
    /// namespace; <c>x</c> is a name in the namespace of the rule.
    /// </summary>
    /// <param name="reference">The text of the reference.</param>
    /// <param name="kind">The kind that is meant where none is said.</param>
    /// <param name="ruleNamespace">Where the reference stands.</param>
    public static IEnumerable<string> Candidates(string reference, string kind, string ruleNamespace)
    {
        string[] parts = reference.Split('.');
        return parts.Length switch
        {
            1 => [$"{reference}.{kind}.{ruleNamespace}"],
            2 => [$"{reference}.{ruleNamespace}", $"{parts[0]}.{kind}.{parts[1]}"],
            _ => [reference],
        };
    }

    /// <summary>A hint for a reference to what does not exist: the right name elsewhere, or a name that is close, as it may be written there.</summary>
    /// <param name="reference">The text of the reference.</param>
    /// <param name="kind">The kind that is meant where none is said.</param>
    /// <param name="ruleNamespace">Where the reference stands.</param>
    /// <param name="known">The full names of what there is.</param>
    public static string Hint(string reference, string kind, string ruleNamespace, IReadOnlyCollection<string> known)
    {
        if (known.FirstOrDefault(name => name.StartsWith(reference + ".", StringComparison.Ordinal)) is { } elsewhere)
        {
            return $" Did you mean \"{elsewhere}\"?";
        }

        string ending = $".{kind}.{ruleNamespace}";
        bool isShort = !reference.Contains('.', StringComparison.Ordinal);
        return Suggestion.For(
            reference, known.Select(name => isShort && name.EndsWith(ending, StringComparison.Ordinal) ? name[..^ending.Length] : name));
    }
}

/// <summary>A resource as it was read.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Place">Where it begins.</param>
/// <param name="Spec">Its specification.</param>
internal sealed record Resource(ResourceName Name, Place Place, ConfigNode Spec)
{
    /// <summary>Whether it is of a kind that there is; if not, that has been told, and it is kept so that references to it are not told too.</summary>
    public bool IsKnown { get; init; } = true;
}
