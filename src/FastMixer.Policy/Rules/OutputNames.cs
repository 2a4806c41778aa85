using FastMixer.Policy.Templates;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Rules;

/// <summary>
/// What a generator gives has names of its own in expressions, <c>$out.field</c>: attributes that no request can carry, because they are never
/// decoded.
/// </summary>
internal static class OutputNames
{
    /// <summary>What their names begin with.</summary>
    public const string Prefix = "$out.";

    /// <summary>The attributes of a template's outputs.</summary>
    public static IEnumerable<AttributeDefinition> Of(Template template) =>
        template.Outputs.Select(output => new AttributeDefinition(Prefix + output.Path, output.Type));

    /// <summary>The slot of an output.</summary>
    public static int SlotOf(Vocabulary vocabulary, TemplateField output)
    {
        vocabulary.TryGetSlot(Prefix + output.Path, out int slot);
        return slot;
    }

    /// <summary>Whether an attribute is an output.</summary>
    public static bool IsOutput(string attribute) => attribute.StartsWith(Prefix, StringComparison.Ordinal);
}
