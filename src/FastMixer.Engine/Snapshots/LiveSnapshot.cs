using FastMixer.Engine.Backends;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports;
using FastMixer.Engine.Reports.Accounting;
using FastMixer.Engine.Verdicts;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Engine.Snapshots;

/// <summary>
/// A snapshot with its handlers at work. What begins on one finishes on it: whoever uses its handlers holds a <see cref="SnapshotLease"/>.
/// </summary>
public sealed class LiveSnapshot : IAsyncDisposable
{
    private readonly AdapterRegistry _adapters;
    private readonly HandlerServices _services;
    private readonly SharedHandler[] _shared;
    private readonly IHandler[] _handlers;
    private readonly BackendHandler?[] _backends;
    private readonly InFlight _inFlight = new();

    private LiveSnapshot(Snapshot policy, AdapterRegistry adapters, HandlerServices services, SharedHandler[] shared)
    {
        Policy = policy;
        _adapters = adapters;
        _services = services;
        _shared = shared;
        _handlers = Array.ConvertAll(shared, handler => handler.Handler);
        Reports = new ReportPlan(policy, Array.ConvertAll(shared, handler => handler.Reports));
        _backends = Array.ConvertAll(shared, handler => handler.Backend);
        foreach (SharedHandler handler in shared)
        {
            handler.Hold();
        }
    }

    /// <summary>The compiled configuration.</summary>
    public Snapshot Policy { get; }

    /// <summary>
    /// Which policy it is of those that were in force one after the other: grows by one where another policy comes, and stays where the same is loaded again.
    /// Set before the snapshot comes into force.
    /// </summary>
    public long Edition { get; internal set; }

    /// <summary>The attributes that requests are decoded with.</summary>
    public AttributeSelection Selection => Policy.Selection;

    /// <summary>The handlers, by the index that actions give.</summary>
    public IReadOnlyList<IHandler> Handlers => _handlers;

    /// <summary>What records of reports are sent where.</summary>
    internal ReportPlan Reports { get; }

    /// <summary>What stands before the backends of those handlers whose checks are answered by one; null for the others. By the same index.</summary>
    internal BackendHandler?[] Backends => _backends;

    /// <summary>What handlers share.</summary>
    internal HandlerServices Services => _services;

    /// <summary>What is known for keeping its verdicts; null where none are kept. Set before the snapshot comes into force.</summary>
    internal SnapshotVerdicts? Verdicts { get; set; }

    /// <summary>Whether no lease is held.</summary>
    internal bool IsIdle => _inFlight.IsEmpty;

    /// <summary>What became of the instances of reports that were sent to each handler that takes any, by its full name. Allocates.</summary>
    public IReadOnlyDictionary<string, HandlerCounters> ReportCounters =>
        _shared.Where(shared => shared.Reports is not null).ToDictionary(shared => shared.Definition.FullName, shared => shared.Reports!.Counters);

    /// <summary>Makes the handlers of a snapshot.</summary>
    /// <param name="policy">The snapshot.</param>
    /// <param name="adapters">The adapters it was checked with.</param>
    /// <param name="services">What handlers share.</param>
    /// <exception cref="HandlerStartException">A handler could not be made; those that were made are ended.</exception>
    public static LiveSnapshot Start(Snapshot policy, AdapterRegistry adapters, HandlerServices services) => Start(policy, adapters, services, []);

    /// <summary>Ends the handlers that no other snapshot has.</summary>
    public async ValueTask DisposeAsync() => await EndHandlersAsync().ConfigureAwait(false);

    /// <summary>Makes the next snapshot: handlers that would be made the same are kept with their state.</summary>
    /// <exception cref="HandlerStartException">A handler could not be made; those that were made are ended, and this snapshot is as it was.</exception>
    internal LiveSnapshot StartNext(Snapshot policy) => Start(policy, _adapters, _services, _shared);

    /// <summary>Counts one more user of the handlers.</summary>
    internal int Enter() => _inFlight.Enter();

    /// <summary>Counts one less.</summary>
    internal void Leave(int stripe) => _inFlight.Leave(stripe);

    /// <summary>How many handlers this snapshot has of another.</summary>
    internal int CountSharedWith(LiveSnapshot other) => _shared.Intersect(other._shared).Count();

    /// <summary>Ends the handlers that no other snapshot has, all at once. Never fails, and takes no longer than one handler may.</summary>
    internal Task<EndedHandlers> EndHandlersAsync() => EndAsync(_shared.Where(shared => shared.LetGo()));

    private static LiveSnapshot Start(Snapshot policy, AdapterRegistry adapters, HandlerServices services, IReadOnlyList<SharedHandler> known)
    {
        Dictionary<(string, string), SharedHandler> keepable = known.ToDictionary(shared => (shared.Definition.FullName, shared.Definition.Fingerprint));
        var created = new List<SharedHandler>();
        var handlers = new SharedHandler[policy.Handlers.Count];
        for (int i = 0; i < handlers.Length; i++)
        {
            HandlerDefinition definition = policy.Handlers[i];
            if (!keepable.TryGetValue((definition.FullName, definition.Fingerprint), out SharedHandler? handler))
            {
                try
                {
                    handler = new SharedHandler(definition, adapters[definition.Adapter].CreateHandler(definition, services), services);
                }
                catch (Exception exception)
                {
                    // Nobody has used them yet. Each is ended on a thread of the pool, so this one may wait for them.
                    EndAsync(created).GetAwaiter().GetResult();
                    throw new HandlerStartException(definition.FullName, exception);
                }

                created.Add(handler);
            }

            handlers[i] = handler;
        }

        return new LiveSnapshot(policy, adapters, services, handlers);
    }

    private static async Task<EndedHandlers> EndAsync(IEnumerable<SharedHandler> handlers)
    {
        HandlerEndFailure?[] ends = await Task.WhenAll(handlers.Select(handler => handler.EndAsync())).ConfigureAwait(false);
        return new EndedHandlers(ends.Length, [.. ends.OfType<HandlerEndFailure>()]);
    }
}
