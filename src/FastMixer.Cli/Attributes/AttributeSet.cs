using FastMixer.Protocol.Attributes;

namespace FastMixer.Cli.Attributes;

/// <summary>The attributes of one request as a person gave them: a later value of a name replaces the earlier one.</summary>
internal sealed class AttributeSet
{
    private readonly Dictionary<string, AttributeValue> _values = new(StringComparer.Ordinal);

    /// <summary>How many attributes there are.</summary>
    public int Count => _values.Count;

    /// <summary>The names and values, in the order in which the names first came.</summary>
    public IReadOnlyDictionary<string, AttributeValue> Values => _values;

    /// <summary>Whether a name has a value.</summary>
    /// <param name="name">The attribute.</param>
    public bool Contains(string name) => _values.ContainsKey(name);

    /// <summary>Sets a whole value.</summary>
    /// <param name="name">The attribute.</param>
    /// <param name="value">Its value.</param>
    public void Set(string name, AttributeValue value) => _values[name] = value;

    /// <summary>Sets one entry of a string map, and keeps the others.</summary>
    /// <param name="name">The attribute.</param>
    /// <param name="key">The entry's key.</param>
    /// <param name="value">The entry's value.</param>
    public void SetEntry(string name, string key, string value)
    {
        if (_values.GetValueOrDefault(name) is not MapValue map)
        {
            map = new MapValue(new Dictionary<string, string>(StringComparer.Ordinal));
            _values[name] = map;
        }

        map.Entries[key] = value;
    }

    /// <summary>Appends all attributes in their encoded form.</summary>
    /// <param name="writer">Where to; must hold none of the names yet.</param>
    public void WriteTo(AttributeWriter writer)
    {
        foreach ((string name, AttributeValue value) in _values)
        {
            value.WriteTo(writer, name);
        }
    }
}
