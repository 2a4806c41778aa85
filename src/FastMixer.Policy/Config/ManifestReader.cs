using FastMixer.Policy.Language.Compilation;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Config;

/// <summary>Reads attribute manifests into a vocabulary.</summary>
internal static class ManifestReader
{
    /// <summary>The standard vocabulary, and what the manifests add to it.</summary>
    public static Vocabulary Read(IEnumerable<Resource> manifests, ICollection<Problem> problems)
    {
        Vocabulary vocabulary = Vocabulary.Standard;
        foreach (Resource manifest in manifests)
        {
            var reader = new ParameterReader(manifest.Spec, problems);
            reader.Field("revision");
            reader.Field("name");
            ConfigField? attributes = reader.Field("attributes");
            reader.End();
            foreach (ConfigField field in (attributes?.Value as MappingNode)?.Fields ?? [])
            {
                vocabulary = Declare(vocabulary, field, problems);
            }
        }

        return vocabulary;
    }

    private static Vocabulary Declare(Vocabulary vocabulary, ConfigField field, ICollection<Problem> problems)
    {
        var reader = new ParameterReader(field.Value, problems);
        ScalarNode? name = reader.RequiredText("value_type");
        reader.Field("description");
        reader.End();
        if (name is null)
        {
            return vocabulary;
        }

        if (!AttributeTypes.TryParse(name.Text, out AttributeType type))
        {
            reader.Fail(
                name.Place,
                $"Unknown type {name.Describe()}: expected one of {string.Join(", ", AttributeTypes.AllNames)}."
                + Suggestion.For(name.Text, AttributeTypes.AllNames));
            return vocabulary;
        }

        try
        {
            return vocabulary.With([new AttributeDefinition(field.Name, type)]);
        }
        catch (ArgumentException exception)
        {
            reader.Fail(field.Place, exception.Message);
            return vocabulary;
        }
    }
}
