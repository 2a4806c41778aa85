using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Rules;

namespace FastMixer.Policy.Config;

/// <summary>What a configuration must know of an adapter.</summary>
/// <param name="Name">Its name, and the kind of its legacy resources.</param>
/// <param name="Templates">The names of the templates it takes.</param>
/// <param name="ReadParameters">Reads and checks a handler's parameters; problems go into the reader.</param>
public sealed record AdapterDescriptor(string Name, IReadOnlyList<string> Templates, Func<ParameterReader, object> ReadParameters)
{
    /// <summary>Other names that configurations use for it.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Whether its handlers ask a backend that may be slow or down, so that a configuration may say how to deal with that.</summary>
    public bool HasBackend { get; init; }

    /// <summary>
    /// Says what is wrong with an instance that a rule sends to a handler, given what <see cref="ReadParameters"/> made of its parameters; null if
    /// nothing is.
    /// </summary>
    public Func<object, Instance, string?> CheckInstance { get; init; } = static (_, _) => null;
}

/// <summary>The adapters that a configuration may use. Immutable.</summary>
public sealed class AdapterCatalog
{
    private readonly Dictionary<string, AdapterDescriptor> _adapters = new(StringComparer.Ordinal);

    /// <summary>A catalog.</summary>
    /// <param name="adapters">The adapters; names and aliases must be distinct.</param>
    public AdapterCatalog(IEnumerable<AdapterDescriptor> adapters)
    {
        foreach (AdapterDescriptor adapter in adapters)
        {
            foreach (string name in adapter.Aliases.Prepend(adapter.Name))
            {
                _adapters.Add(name, adapter);
            }
        }
    }

    /// <summary>Finds an adapter by its name or an alias.</summary>
    /// <param name="name">The name.</param>
    public AdapterDescriptor? Find(string name) => _adapters.GetValueOrDefault(name);

    /// <summary>All names and aliases.</summary>
    internal IEnumerable<string> Names => _adapters.Keys;

    /// <summary>A hint for a name that no adapter has.</summary>
    internal string Hint(string name)
    {
        string suggestion = Suggestion.For(name, _adapters.Keys);
        return suggestion.Length > 0 ? suggestion : $" Known are: {string.Join(", ", _adapters.Keys.Order(StringComparer.Ordinal))}.";
    }
}
