using FastMixer.Policy.Language.Compilation;
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
    /// <param name="vocabulary">The attributes that are known.</param>
    /// <param name="name">The name.</param>
    /// <param name="problem">What is wrong with it, as a clause.</param>
    public static bool TryParse(string text, Vocabulary vocabulary, out AttributeName name, out string? problem)
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

        AttributeType? declared = vocabulary.TryGetSlot(bare, out int slot) ? vocabulary[slot].Type : null;
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
    /// <param name="vocabulary">The attributes that are known.</param>
    public string UnknownWarning(AttributeType sentAs, Vocabulary vocabulary)
    {
        string near = Suggestion.For(Name, vocabulary.Definitions.Select(definition => definition.Name));
        string hint = near.Length == 0 ? $" Write {Name}:TYPE if the server's policy declares it." : near;
        return $"{Name} is not in the vocabulary; it is taken as {sentAs.Name()}.{hint}";
    }
}
