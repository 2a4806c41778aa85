using FastMixer.Policy.Tests.Support;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Tests.Model;

/// <summary>The attributes of the model, and the look-ups made in them.</summary>
internal sealed record World(IReadOnlyDictionary<string, object> Values)
{
    private static readonly AttributeDefinition[] Own =
    [
        .. new[] { AttributeType.Double, AttributeType.DnsName, AttributeType.EmailAddress, AttributeType.Uri, AttributeType.Bytes }
            .SelectMany(type => new[] { 1, 2 }.Select(number => new AttributeDefinition($"own.{type.Name()}.of{number}", type))),
    ];

    /// <summary>The standard vocabulary, and attributes of the types that it lacks.</summary>
    public static Vocabulary Vocabulary { get; } = Vocabulary.Standard.With(Own);

    /// <summary>The attributes that expressions read, a few of each type.</summary>
    public static AttributeDefinition[] Readable { get; } =
    [
        .. new[]
        {
            "source.name", "source.uid", "source.user", "request.size", "response.code", "connection.mtls", "context.reporter.local",
            "request.headers", "source.labels", "request.time", "context.time", "response.duration", "connection.duration", "source.ip", "destination.ip",
        }.Select(name => Vocabulary.TryGetSlot(name, out int slot) ? Vocabulary[slot] : throw new InvalidOperationException(name)),
        .. Own,
    ];

    /// <summary>The manifest that declares what the standard vocabulary lacks.</summary>
    public static string Manifest { get; } = $"""
        kind: attributemanifest
        metadata: [name: own]
        spec: [attributes: [{string.Join(", ", Own.Select(attribute => $"{attribute.Name}: [valueType: {attribute.Type.Name()}]"))}]]

        """.Replace('[', '{').Replace(']', '}');

    private readonly SortedSet<string> _lookups = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Lookups => _lookups;

    /// <summary>Looks up a scalar attribute.</summary>
    public object Read(string name)
    {
        bool present = Values.TryGetValue(name, out object? value);
        _lookups.Add((present ? "" : "no ") + name);
        return present ? value! : new Missing(name);
    }

    /// <summary>Looks up a map: only its absence is noted.</summary>
    public object ReadMap(string name)
    {
        if (Values.ContainsKey(name))
        {
            return new MapOf(name);
        }

        _lookups.Add("no " + name);
        return new Missing(name);
    }

    /// <summary>Looks up a key of a map that is there.</summary>
    public string? ReadKey(MapOf map, string key)
    {
        if (map.Name is null)
        {
            return null;
        }

        bool present = ((IReadOnlyDictionary<string, string>)Values[map.Name]).TryGetValue(key, out string? value);
        _lookups.Add($"{(present ? "" : "no ")}{map.Name}[{Evaluated.Quote(key)}]");
        return present ? value : null;
    }

    /// <summary>Notes that a map that is there was taken as a whole.</summary>
    public void NoteWhole(MapOf map)
    {
        if (map.Name is not null)
        {
            _lookups.Add(map.Name);
        }
    }

    public Attributes ToAttributes()
    {
        var attributes = new Attributes(Vocabulary);
        foreach ((string name, object value) in Values)
        {
            attributes.SetValue(name, value);
        }

        return attributes;
    }
}

/// <summary>A map as a value: the attribute it is, or null for an empty one.</summary>
internal sealed record MapOf(string? Name);
