using FastMixer.Client.Fleet.Naming;

namespace FastMixer.Client.Fleet.Servers;

/// <summary>
/// The servers of a fleet, by what its addresses lead to. A server that is no longer led to is drained; one that is new gets a number, the one that it had before if it ever had.
/// Thread-safe; reading takes no lock.
/// </summary>
internal sealed class ServerList : IAsyncDisposable
{
    // Choosing looks at all of them.
    private const int MaxServers = 1024;

    private readonly Lock _lock = new();
    private readonly FleetContext _fleet;
    private readonly IReadOnlyList<ServerTarget>[] _targets;
    private readonly Dictionary<string, ushort> _ordinals = new(StringComparer.Ordinal);
    private readonly List<Task> _retiring = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _found = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FleetServer[] _servers = [];
    private bool _isDisposed;

    /// <summary>An empty list.</summary>
    /// <param name="fleet">What the servers share.</param>
    /// <param name="addresses">How many addresses lead to servers.</param>
    public ServerList(FleetContext fleet, int addresses)
    {
        _fleet = fleet;
        _targets = [.. Enumerable.Repeat<IReadOnlyList<ServerTarget>>([], addresses)];
    }

    /// <summary>The servers now. Not to be changed.</summary>
    public FleetServer[] Servers => Volatile.Read(ref _servers);

    /// <summary>Completes once there is a server.</summary>
    public Task Found => _found.Task;

    /// <summary>Takes over where an address leads to now.</summary>
    /// <param name="address">Its index.</param>
    /// <param name="targets">The servers.</param>
    public void Update(int address, IReadOnlyList<ServerTarget> targets)
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _targets[address] = targets;
            Rebuild();
        }

        if (Servers.Length > 0)
        {
            _found.TrySetResult();
        }
    }

    /// <summary>Ends all connections; what is in flight fails.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] retiring;
        lock (_lock)
        {
            _isDisposed = true;
            retiring = [.. _retiring];
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        foreach (FleetServer server in Servers)
        {
            await server.DisposeAsync().ConfigureAwait(false);
        }

        await Task.WhenAll(retiring).ConfigureAwait(false);
        _stop.Dispose();
    }

    // Under the lock.
    private void Rebuild()
    {
        Dictionary<string, FleetServer> before = Servers.ToDictionary(server => server.Address, StringComparer.Ordinal);
        Dictionary<string, FleetServer> after = new(StringComparer.Ordinal);
        List<FleetServer> added = [];
        foreach (ServerTarget target in _targets.SelectMany(static targets => targets))
        {
            string text = target.Address.ToString();
            if (after.ContainsKey(text) || after.Count == MaxServers)
            {
                continue;
            }

            if (!before.TryGetValue(text, out FleetServer? server))
            {
                server = new FleetServer(target.Address, OrdinalOf(text, before, after), _fleet);
                added.Add(server);
            }

            server.Rank(target.Priority, target.Weight);
            after.Add(text, server);
        }

        Volatile.Write(ref _servers, [.. after.Values]);
        added.ForEach(server => Begin(server));
        foreach (FleetServer server in before.Values.Where(server => !after.ContainsKey(server.Address)))
        {
            Retire(server);
        }
    }

    private void Begin(FleetServer server)
    {
        server.Connect();
        FleetLog.ServerAdded(_fleet.Logger, server.Address, Servers.Length);
    }

    private void Retire(FleetServer server)
    {
        _retiring.RemoveAll(static task => task.IsCompleted);
        _retiring.Add(server.RetireAsync(_stop.Token));
        FleetLog.ServerRemoved(_fleet.Logger, server.Address, Servers.Length);
    }

    // Numbers are given out once each while there are any, then again from those whose server has left.
    private ushort OrdinalOf(string address, Dictionary<string, FleetServer> before, Dictionary<string, FleetServer> after)
    {
        if (_ordinals.TryGetValue(address, out ushort ordinal))
        {
            return ordinal;
        }

        if (_ordinals.Count == PolicyLedger.Capacity)
        {
            string left = _ordinals.Keys.First(known => !before.ContainsKey(known) && !after.ContainsKey(known));
            _ordinals.Remove(left, out ordinal);
        }
        else
        {
            ordinal = (ushort)_ordinals.Count;
        }

        _ordinals.Add(address, ordinal);
        return ordinal;
    }
}
