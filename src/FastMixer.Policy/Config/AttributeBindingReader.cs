using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Language.References;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Config;

/// <summary>Reads <c>attributeBindings</c>: attributes, and the expressions over <c>$out.field</c> and the request that give their values.</summary>
internal sealed class AttributeBindingReader(ReferenceTable references, ICollection<Problem> problems)
{
    private readonly Compiler _compiler = new(references) { ReadsOutputs = true };

    /// <summary>The bindings.</summary>
    public IReadOnlyList<AttributeBinding> Read(ConfigNode node)
    {
        if (node is not MappingNode mapping)
        {
            problems.Add(new Problem(Severity.Error, node.Place, $"\"attributeBindings\": expected a mapping from attributes to expressions, found {node.Describe()}."));
            return [];
        }

        return [.. mapping.Fields.Select(ReadBinding).OfType<AttributeBinding>()];
    }

    private AttributeBinding? ReadBinding(ConfigField field)
    {
        if (OutputNames.IsOutput(field.Name))
        {
            problems.Add(new Problem(Severity.Error, field.Place, $"\"{field.Name}\" is what the handler gives: a binding sets an attribute of the request."));
            return null;
        }

        if (!references.Vocabulary.TryGetSlot(field.Name, out int slot))
        {
            problems.Add(new Problem(Severity.Error, field.Place, _compiler.UnknownAttribute(field.Name)));
            return null;
        }

        if (field.Value is not ScalarNode scalar)
        {
            problems.Add(new Problem(Severity.Error, field.Value.Place, $"\"{field.Name}\": expected an expression, found {field.Value.Describe()}."));
            return null;
        }

        AttributeType type = references.Vocabulary[slot].Type;
        if (!ExpressionText.TryCompile(_compiler, scalar, problems, out TypedNode compiled, type))
        {
            return null;
        }

        if (compiled.Type != type)
        {
            problems.Add(new Problem(
                Severity.Error, scalar.PlaceOf(0), $"\"{field.Name}\" is {type.Name()}: expected {type.Name()}, found {compiled.Type.Name()}."));
            return null;
        }

        return new AttributeBinding(slot, compiled);
    }
}
