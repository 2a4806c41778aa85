using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Templates;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Config;

/// <summary>Reads the fields of an instance by its template, and compiles their expressions.</summary>
internal sealed class InstanceFields(Compiler compiler, ICollection<Problem> problems)
{
    /// <summary>The fields that the configuration sets.</summary>
    public InstanceField[] Read(Template template, ConfigNode parameters)
    {
        var fields = new List<InstanceField>();
        ReadLevel(template, "", parameters, fields);
        return [.. fields];
    }

    // A nested message's fields have its name before theirs: subject.user.
    private void ReadLevel(Template template, string prefix, ConfigNode node, List<InstanceField> fields)
    {
        var reader = new ParameterReader(node, problems);
        var nested = new HashSet<string>(StringComparer.Ordinal);
        foreach (TemplateField field in template.Fields.Where(field => field.Path.StartsWith(prefix, StringComparison.Ordinal)))
        {
            string name = field.Path[prefix.Length..];
            int dot = name.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0)
            {
                ReadField(reader, field, name, fields);
            }
            else if (nested.Add(name[..dot]) && reader.Field(name[..dot]) is { } message)
            {
                ReadLevel(template, prefix + name[..(dot + 1)], message.Value, fields);
            }
        }

        reader.End();
    }

    private void ReadField(ParameterReader reader, TemplateField field, string name, List<InstanceField> fields)
    {
        ConfigField? found = reader.Field(name);
        if (found is null)
        {
            return;
        }

        if (field.Shape != FieldShape.Map)
        {
            AddField(found.Value, field, null, fields);
            return;
        }

        foreach (ConfigField entry in reader.Map(name).OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            AddField(entry.Value, field, entry.Name, fields);
        }
    }

    private void AddField(ConfigNode node, TemplateField field, string? key, List<InstanceField> fields)
    {
        if (node is not ScalarNode scalar)
        {
            problems.Add(new Problem(Severity.Error, node.Place, $"\"{key ?? field.Path}\": expected an expression, found {node.Describe()}."));
            return;
        }

        if (!ExpressionText.TryCompile(compiler, scalar, problems, out TypedNode compiled, field.Type))
        {
            return;
        }

        if (field.Shape == FieldShape.Typed && compiled.Type != field.Type)
        {
            problems.Add(new Problem(
                Severity.Error, scalar.PlaceOf(0), $"\"{field.Path}\": expected {field.Type.Name()}, found {compiled.Type.Name()}."));
            return;
        }

        fields.Add(new InstanceField(field.Path, key, scalar.Text, compiled));
    }
}
