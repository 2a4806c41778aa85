using FastMixer.Policy.Tests.Support;

namespace FastMixer.Policy.Tests.Model;

/// <summary>The attributes of the model, and the look-ups made in them.</summary>
internal sealed record World(IReadOnlyDictionary<string, object> Values)
{
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
        var attributes = new Attributes();
        foreach ((string name, object value) in Values)
        {
            _ = value switch
            {
                string text => attributes.Set(name, text),
                long number => attributes.Set(name, number),
                bool flag => attributes.Set(name, flag),
                _ => attributes.Map(name, [.. ((IReadOnlyDictionary<string, string>)value).Select(entry => (entry.Key, entry.Value))]),
            };
        }

        return attributes;
    }
}

/// <summary>A map as a value: the attribute it is, or null for an empty one.</summary>
internal sealed record MapOf(string? Name);
