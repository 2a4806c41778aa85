using FastMixer.Policy.Config;

namespace FastMixer.Engine.Handlers;

/// <summary>The adapters of this build. Immutable.</summary>
public sealed class AdapterRegistry
{
    private readonly Dictionary<AdapterDescriptor, Adapter> _adapters;

    /// <summary>A registry.</summary>
    /// <param name="adapters">The adapters; their names must be distinct.</param>
    public AdapterRegistry(IReadOnlyCollection<Adapter> adapters)
    {
        _adapters = adapters.ToDictionary(adapter => adapter.Descriptor);
        Catalog = new AdapterCatalog(adapters.Select(adapter => adapter.Descriptor));
    }

    /// <summary>What a configuration may use.</summary>
    public AdapterCatalog Catalog { get; }

    /// <summary>The adapter of a descriptor that the catalog gave.</summary>
    /// <param name="descriptor">The descriptor.</param>
    public Adapter this[AdapterDescriptor descriptor] => _adapters[descriptor];
}
