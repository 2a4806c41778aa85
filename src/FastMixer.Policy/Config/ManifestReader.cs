using System.Text.RegularExpressions;
using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Templates;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Config;

/// <summary>Reads attribute manifests into a vocabulary.</summary>
internal static partial class ManifestReader
{
    /// <summary>The standard vocabulary, what the manifests among the resources add to it, and the outputs of generators that are used.</summary>
    public static Vocabulary Read(IReadOnlyList<Resource> resources, ICollection<Problem> problems)
    {
        var declared = new Dictionary<string, AttributeType>(StringComparer.Ordinal);
        foreach (AttributeDefinition definition in Vocabulary.Standard.Definitions)
        {
            declared.Add(definition.Name, definition.Type);
        }

        var added = new List<AttributeDefinition>();
        foreach (Resource manifest in resources.Where(resource => resource.Name.Kind == "attributemanifest"))
        {
            var reader = new ParameterReader(manifest.Spec, problems);
            reader.Field("revision");
            reader.Field("name");
            foreach (ConfigField field in reader.Map("attributes"))
            {
                Declare(field, declared, added, problems);
            }

            reader.End();
        }

        bool generates = resources.Any(resource => resource.Name.Kind == "instance" || Template.Find(resource.Name.Kind) is { Outputs.Count: > 0 });
        added.AddRange(Template.All.Where(_ => generates).SelectMany(OutputNames.Of));
        return Vocabulary.Standard.With(added);
    }

    private static void Declare(
        ConfigField field, Dictionary<string, AttributeType> declared, List<AttributeDefinition> added, ICollection<Problem> problems)
    {
        if (OutputNames.IsOutput(field.Name))
        {
            problems.Add(new Problem(Severity.Error, field.Place, $"\"{field.Name}\": names that begin with {OutputNames.Prefix} are those of generators' outputs."));
            return;
        }

        if (!AttributeName().IsMatch(field.Name))
        {
            problems.Add(new Problem(
                Severity.Error, field.Place, $"\"{field.Name}\" cannot be written in an expression: expected names of letters, digits and '_', joined by dots."));
        }

        var reader = new ParameterReader(field.Value, problems);
        ScalarNode? name = reader.RequiredText("valueType");
        reader.Field("description");
        reader.End();
        if (name is null)
        {
            return;
        }

        if (!AttributeTypes.TryParse(name.Text, out AttributeType type))
        {
            reader.Fail(
                name.Place,
                $"Unknown type {name.Describe()}: expected one of {string.Join(", ", AttributeTypes.AllNames)}."
                + Suggestion.For(name.Text, AttributeTypes.AllNames));
            return;
        }

        if (declared.TryAdd(field.Name, type))
        {
            added.Add(new AttributeDefinition(field.Name, type));
        }
        else if (declared[field.Name] != type)
        {
            reader.Fail(name.Place, $"\"{field.Name}\" is already declared as {declared[field.Name].Name()}, not {type.Name()}.");
        }
    }

    [GeneratedRegex(@"^[\p{L}_$][\p{L}\p{Nd}_$]*(\.[\p{L}_$][\p{L}\p{Nd}_$]*)*$", RegexOptions.CultureInvariant)]
    private static partial Regex AttributeName();
}
