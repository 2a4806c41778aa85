using FastMixer.Protocol.Attributes;

namespace FastMixer.Cli.Attributes;

/// <summary>
/// An attribute's name as a person writes it, and its type. <c>request.size</c> has the type that the vocabulary declares; a name that only
/// the server's policy declares may say its own, as in <c>billing.amount:INT64</c>.
/// </summary>
/// <param name="Name">The name as it travels.</param>
/// <param name="Type">Its type; null if neither the vocabulary nor the writer says one.</param>
internal readonly record struct AttributeName(string Name, AttributeType? Type)
{
    /// <summary>Reads a name.</summary>
    /// <param name="text">What a person wrote.</param>
    /// <param name="name">The name.</param>
    /// <param name="problem">What is wrong with it, as a clause.</param>
    public static bool TryParse(string text, out AttributeName name, out string? problem)
    {
        name = default;
        problem = null;
        int colon = text.LastIndexOf(':');
        string bare = colon < 0 ? text : text[..colon];
        if (bare.Length == 0)
        {
            problem = "expected an attribute's name, such as request.method";
            return false;
        }

        AttributeType? declared = DeclaredType(bare);
        if (colon < 0)
        {
            name = new AttributeName(bare, declared);
            return true;
        }

        if (!AttributeTypes.TryParse(text[(colon + 1)..], out AttributeType type))
        {
            problem = $"'{text[(colon + 1)..]}' is no type; expected one of {string.Join(", ", AttributeTypes.AllNames)}";
            return false;
        }

        if (declared is { } other && other != type)
        {
            problem = $"{bare} is declared as {other.Name()}, not {type.Name()}";
            return false;
        }

        name = new AttributeName(bare, type);
        return true;
    }

    /// <summary>The warning for a name without a type.</summary>
    /// <param name="sentAs">The type it is sent as.</param>
    public string UnknownWarning(AttributeType sentAs)
    {
        string? near = Suggestion.For(Name, Vocabulary.Standard.Definitions.Select(definition => definition.Name));
        string hint = near is null ? $"Write {Name}:TYPE if the server's policy declares it." : $"Did you mean {near}?";
        return $"{Name} is not in the standard vocabulary; it is sent as {sentAs.Name()}. {hint}";
    }

    private static AttributeType? DeclaredType(string name) =>
        Vocabulary.Standard.TryGetSlot(name, out int slot) ? Vocabulary.Standard[slot].Type : null;
}
