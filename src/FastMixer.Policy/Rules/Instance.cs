using System.Text;
using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Templates;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Rules;

/// <summary>A field of an instance: a field of its template, or one value of a field that is a map.</summary>
public sealed class InstanceField
{
    internal InstanceField(string path, string? key, string text, TypedNode node)
    {
        Text = text;
        Path = path;
        Key = key;
        Utf8Name = Encoding.UTF8.GetBytes(key ?? path);
        Node = node;
    }

    /// <summary>The template's field.</summary>
    public string Path { get; }

    /// <summary>The value's name within a map, or null.</summary>
    public string? Key { get; }

    /// <summary>The key, or else the path, in UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8Name { get; }

    /// <summary>Its expression, as written.</summary>
    public string Text { get; }

    /// <summary>The type of its values.</summary>
    public AttributeType Type => Node.Type;

    /// <summary>What computes it.</summary>
    internal TypedNode Node { get; }
}

/// <summary>A template whose fields are filled from attributes. Immutable.</summary>
public sealed class Instance
{
    private readonly InstanceField[] _fields;

    internal Instance(string name, string fullName, Template template, InstanceField[] fields)
    {
        Name = name;
        FullName = fullName;
        Template = template;
        _fields = fields;
        Utf8Name = Encoding.UTF8.GetBytes(name);
        Utf8FullName = Encoding.UTF8.GetBytes(fullName);
    }

    /// <summary>Its name within its namespace.</summary>
    public string Name { get; }

    /// <summary>Its name in UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8Name { get; }

    /// <summary><c>name.kind.namespace</c>.</summary>
    public string FullName { get; }

    /// <summary>Its full name in UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8FullName { get; }

    /// <summary>Its template.</summary>
    public Template Template { get; }

    /// <summary>Its fields, those of maps in the order of their names.</summary>
    public IReadOnlyList<InstanceField> Fields => _fields;

    /// <summary>The same, for hot loops.</summary>
    public ReadOnlySpan<InstanceField> AllFields => _fields;

    /// <summary>The attributes that an instance of an attribute generator's template sets, in the order of the configuration.</summary>
    public IReadOnlyList<AttributeBinding> Bindings { get; init; } = [];

    /// <summary>The index of a template's field, or −1 if the configuration leaves it out.</summary>
    /// <param name="path">The field.</param>
    /// <param name="key">The value's name within a map, or null.</param>
    public int IndexOf(string path, string? key = null)
    {
        for (int i = 0; i < Fields.Count; i++)
        {
            if (Fields[i].Path == path && Fields[i].Key == key)
            {
                return i;
            }
        }

        return -1;
    }
}
