using FastMixer.Policy.Rules;

namespace FastMixer.Adapters.Rbac;

/// <summary>Where the fields that roles ask for stand in an instance. Immutable.</summary>
internal sealed class BoundInstance
{
    /// <summary>The field that holds the properties of the subject.</summary>
    public const string SubjectProperties = "subject.properties";

    /// <summary>The field that holds the properties of the action.</summary>
    public const string ActionProperties = "action.properties";

    private readonly int[] _properties;

    /// <summary>Binds an instance.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="properties">The properties that roles ask for.</param>
    public BoundInstance(Instance instance, PropertyNames properties)
    {
        User = instance.IndexOf("subject.user");
        Groups = instance.IndexOf("subject.groups");
        Namespace = instance.IndexOf("action.namespace");
        Service = instance.IndexOf("action.service");
        Method = instance.IndexOf("action.method");
        Path = instance.IndexOf("action.path");
        _properties = [.. properties.All.Select(one => instance.IndexOf(one.Map, one.Key))];
    }

    /// <summary>The field's index; −1, which reads as empty, if the instance leaves it out.</summary>
    public int User { get; }

    /// <inheritdoc cref="User"/>
    public int Groups { get; }

    /// <inheritdoc cref="User"/>
    public int Namespace { get; }

    /// <inheritdoc cref="User"/>
    public int Service { get; }

    /// <inheritdoc cref="User"/>
    public int Method { get; }

    /// <inheritdoc cref="User"/>
    public int Path { get; }

    /// <summary>The index of a property's field, or −1 if the instance does not have it.</summary>
    /// <param name="property">The property's number.</param>
    public int Property(int property) => _properties[property];
}

/// <summary>Numbers the properties that roles ask for, while they are compiled.</summary>
internal sealed class PropertyNames
{
    private readonly List<(string Map, string Key)> _all = [];

    /// <summary>The properties by their numbers.</summary>
    public IReadOnlyList<(string Map, string Key)> All => _all;

    /// <summary>The number of a property.</summary>
    /// <param name="map">The field that holds it.</param>
    /// <param name="key">Its name.</param>
    public int NumberOf(string map, string key)
    {
        int known = _all.IndexOf((map, key));
        if (known >= 0)
        {
            return known;
        }

        _all.Add((map, key));
        return _all.Count - 1;
    }
}
