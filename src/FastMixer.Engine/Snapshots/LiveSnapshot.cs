using FastMixer.Engine.Handlers;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Engine.Snapshots;

/// <summary>A snapshot with its handlers at work. Immutable; requests finish on the one they began with.</summary>
public sealed class LiveSnapshot : IAsyncDisposable
{
    private readonly IHandler[] _handlers;

    private LiveSnapshot(Snapshot policy, IHandler[] handlers)
    {
        Policy = policy;
        _handlers = handlers;
    }

    /// <summary>The compiled configuration.</summary>
    public Snapshot Policy { get; }

    /// <summary>The attributes that requests are decoded with.</summary>
    public AttributeSelection Selection => Policy.Selection;

    /// <summary>The handlers, by the index that actions give.</summary>
    public IReadOnlyList<IHandler> Handlers => _handlers;

    /// <summary>Makes the handlers of a snapshot.</summary>
    /// <param name="policy">The snapshot.</param>
    /// <param name="adapters">The adapters it was checked with.</param>
    /// <param name="services">What handlers share.</param>
    public static LiveSnapshot Start(Snapshot policy, AdapterRegistry adapters, HandlerServices services) =>
        new(policy, [.. policy.Handlers.Select(definition => adapters[definition.Adapter].CreateHandler(definition, services))]);

    /// <summary>Ends the handlers.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (IHandler handler in _handlers)
        {
            await handler.DisposeAsync().ConfigureAwait(false);
        }
    }
}
