using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Templates;

namespace FastMixer.Policy.Config;

/// <summary>Reads the envelope of every resource: kind, name, namespace; and finds those that are there twice.</summary>
internal sealed class ResourceReader(AdapterCatalog adapters, string defaultNamespace, ICollection<Problem> problems)
{
    private static readonly string[] Kinds = ["attributemanifest", "handler", "instance", "rule", "QuotaSpec", "QuotaSpecBinding"];

    private static readonly string[] IgnoredMetadata =
        ["labels", "annotations", "creation_timestamp", "generation", "managed_fields", "resource_version", "self_link", "uid"];

    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);

    /// <summary>All resources of some files, in their order.</summary>
    public IReadOnlyList<Resource> Read(IEnumerable<ConfigSource> sources)
    {
        var resources = new List<Resource>();
        ConfigSource? empty = null;
        foreach (ConfigSource source in sources)
        {
            int before = problems.Count;
            List<ConfigNode> documents =
            [
                .. YamlReader.Read(source, problems)
                    .SelectMany(Resources)
                    .Where(document => document is not ScalarNode { IsNull: true }),
            ];
            resources.AddRange(documents.Select(ReadResource).OfType<Resource>());
            if (documents.Count == 0 && problems.Count == before)
            {
                empty ??= source;
                problems.Add(new Problem(Severity.Warning, new Place(source.Name, 0, 0), "The file holds no resource."));
            }
        }

        if (empty is not null && resources.Count == 0)
        {
            problems.Add(new Problem(Severity.Error, new Place(empty.Name, 0, 0), "No file holds a resource, so there is no policy."));
        }

        return resources;
    }

    // A file may hold a list of resources in place of documents, also as kubectl writes one.
    private static IReadOnlyList<ConfigNode> Resources(ConfigNode document) => document switch
    {
        SequenceNode list => list.Items,
        MappingNode mapping when mapping.Fields.Any(field => field is { Name: "kind", Value: ScalarNode { Text: "List" } })
            && mapping.Fields.FirstOrDefault(field => field.Name == "items") is { Value: SequenceNode items } => items.Items,
        _ => [document],
    };

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
        ScalarNode? scope = metadata?.Scalar("namespace", "a text");
        foreach (string known in IgnoredMetadata)
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

        bool isKnown = kind is not null && IsKnown(kind, reader);
        bool isNamed = name is not null && CanBeName(name, mayHaveDots: kind?.Text is "rule" or "attributemanifest")
            & (scope is null || CanBeName(scope, mayHaveDots: false));
        return kind is not null && isNamed
            ? Register(new Resource(new ResourceName(name!.Text, kind.Text, scope?.Text ?? defaultNamespace), document.Place, spec) { IsKnown = isKnown })
            : null;
    }

    // Dots join name, kind and namespace in references; rules and manifests are not referred to.
    private bool CanBeName(ScalarNode name, bool mayHaveDots)
    {
        bool can = name.Text.Length > 0 && name.Text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' || (mayHaveDots && letter == '.'));
        if (!can)
        {
            string dots = mayHaveDots ? "'-', '_' and '.'" : "'-' and '_', without dots: references are joined by them";
            problems.Add(new Problem(Severity.Error, name.Place, $"{name.Describe()} cannot be a name: expected letters, digits, {dots}."));
        }

        return can;
    }

    private bool IsKnown(ScalarNode kind, ParameterReader reader)
    {
        if (Kinds.Contains(kind.Text) || Template.Find(kind.Text) is not null || adapters.Find(kind.Text) is not null)
        {
            return true;
        }

        string hint = Suggestion.For(kind.Text, [.. Kinds, .. Template.All.Select(template => template.Name), .. adapters.Names]);
        reader.Fail(kind.Place, kind.Text switch
        {
            "adapter" or "template" => $"The kind {kind.Describe()} is for adapters that run in a process of their own, which are not known here.",
            string name when adapters.IsMissing(name) => adapters.Unknown(kind),
            _ => $"Unknown kind {kind.Describe()}: expected {string.Join(", ", Kinds)}, or the name of an adapter or template.{hint}",
        });
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
