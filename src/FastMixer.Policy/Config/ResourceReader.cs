using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Templates;

namespace FastMixer.Policy.Config;

/// <summary>Reads the envelope of every resource: kind, name, namespace; and finds those that are there twice.</summary>
internal sealed class ResourceReader(AdapterCatalog adapters, string defaultNamespace, ICollection<Problem> problems)
{
    private static readonly string[] Kinds = ["attributemanifest", "handler", "instance", "rule"];

    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);

    /// <summary>All resources of some files, in their order.</summary>
    public IReadOnlyList<Resource> Read(IEnumerable<ConfigSource> sources) =>
    [
        .. sources
            .SelectMany(source => YamlReader.Read(source, problems))
            .SelectMany(document => document is SequenceNode list ? list.Items : [document])
            .Where(document => document is not ScalarNode { IsNull: true })
            .Select(ReadResource)
            .OfType<Resource>(),
    ];

    private Resource? ReadResource(ConfigNode document)
    {
        var reader = new ParameterReader(document, problems);
        if (document is not MappingNode)
        {
            return null;
        }

        reader.Field("api_version");
        ScalarNode? kind = reader.RequiredText("kind");
        ParameterReader? metadata = reader.Object("metadata");
        ScalarNode? name = metadata?.RequiredText("name");
        string scope = metadata?.Text("namespace", defaultNamespace) ?? defaultNamespace;
        foreach (string known in (ReadOnlySpan<string>)["labels", "annotations", "creation_timestamp", "generation", "resource_version", "self_link", "uid"])
        {
            metadata?.Field(known);
        }

        metadata?.End();
        ConfigNode spec = reader.Field("spec")?.Value ?? new MappingNode(document.Place, []);
        reader.End();
        if (metadata is null)
        {
            reader.Fail(document.Place, "The field \"metadata\" is missing: every resource needs a name.");
        }

        return kind is null || name is null || !IsKnown(kind, reader)
            ? null
            : Register(new Resource(new ResourceName(name.Text, kind.Text, scope), document.Place, spec));
    }

    private bool IsKnown(ScalarNode kind, ParameterReader reader)
    {
        if (Kinds.Contains(kind.Text) || Template.Find(kind.Text) is not null || adapters.Find(kind.Text) is not null)
        {
            return true;
        }

        string hint = Suggestion.For(kind.Text, Kinds.Concat(Template.All.Select(template => template.Name)));
        reader.Fail(kind.Place, $"Unknown kind {kind.Describe()}: expected attributemanifest, handler, instance, rule, or the name of an adapter or template.{hint}");
        return false;
    }

    private Resource? Register(Resource resource)
    {
        string fullName = resource.Name.ToString();
        if (_places.TryAdd(fullName, resource.Place))
        {
            return resource;
        }

        problems.Add(new Problem(Severity.Error, resource.Place, $"\"{fullName}\" is already defined at {_places[fullName]}."));
        return null;
    }
}
