using FastMixer.Client.Channels;
using FastMixer.Client.Fleet.Checks;
using FastMixer.Client.Fleet.Counts;
using FastMixer.Client.Fleet.Routing;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Messages;
using FastMixer.Client.Calls;

namespace FastMixer.Client.Fleet.Servers;

/// <summary>One server of a fleet: its connections, its health, and what it was asked recently. Thread-safe.</summary>
internal sealed class FleetServer : IChannelObserver, IAsyncDisposable
{
    private readonly FleetContext _fleet;
    private readonly ChannelSource _streams;
    private double _weight = 1;
    private int _priority;
    private long _sent;
    private string? _instance;

    /// <summary>A server that is not yet connected to.</summary>
    /// <param name="address">Where it listens.</param>
    /// <param name="ordinal">Its number in the <see cref="PolicyLedger"/>.</param>
    /// <param name="fleet">What the servers share.</param>
    public FleetServer(MixerAddress address, ushort ordinal, FleetContext fleet)
    {
        _fleet = fleet;
        Address = address.ToString();
        Ordinal = ordinal;
        Identity = Rendezvous.Identify(Address);
        Load = new RecentLoad(fleet.Clock);
        Health = new ServerHealth(fleet, Address, ProbeAsync);
        ClientContext context = fleet.ContextFor(address, this);
        context.PolicyChanged = policy => fleet.Policies.Note(ordinal, policy);
        _streams = new ChannelSource(context);
    }

    /// <summary>Where it listens, as people write it.</summary>
    public string Address { get; }

    /// <summary>Its number in the <see cref="PolicyLedger"/>.</summary>
    public ushort Ordinal { get; }

    /// <summary>What stands for it in rendezvous hashing.</summary>
    public ulong Identity { get; }

    /// <summary>What this client has sent it recently.</summary>
    public RecentLoad Load { get; }

    /// <summary>Whether it is asked.</summary>
    public ServerHealth Health { get; }

    /// <summary>Its priority by RFC 2782: while one with a lower number is in, it is not asked.</summary>
    public int Priority => Volatile.Read(ref _priority);

    /// <summary>Takes over what SRV records say.</summary>
    /// <param name="priority">The priority.</param>
    /// <param name="weight">The weight, above 0.</param>
    public void Rank(int priority, double weight)
    {
        Volatile.Write(ref _priority, priority);
        Volatile.Write(ref _weight, weight);
    }

    /// <summary>Its weight, less what it lacks while it comes back.</summary>
    /// <param name="now">The time, as a timestamp.</param>
    public double WeightAt(long now) => Volatile.Read(ref _weight) * Health.ShareAt(now);

    /// <summary>Begins to connect, so that the first check finds a connection.</summary>
    public void Connect() => _streams.GetPatiently();

    /// <summary>Asks a question.</summary>
    /// <param name="question">The question; encoded before this returns.</param>
    /// <param name="patience">How long the answer is waited for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<Verdict> AskAsync(CheckQuestion question, TimeSpan patience, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _sent);
        return _streams.Start(_fleet.Checks, new QuestionMessage(question, patience, isWhole: false), cancellationToken, patience);
    }

    /// <summary>Hands over records, on a stream.</summary>
    /// <param name="records">The array of records; encoded before this returns.</param>
    /// <param name="patience">How long the acknowledgement is waited for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<Acknowledgement> ReportAsync(ReadOnlyMemory<byte> records, TimeSpan patience, CancellationToken cancellationToken) =>
        _streams.Start(_fleet.Reports, new RecordsMessage(records), cancellationToken, patience);

    /// <summary>The server as it is now.</summary>
    public ServerView View() => new(
        Address, Health.State, WeightAt(_fleet.Clock.GetTimestamp()), Priority, _streams.InFlight, Volatile.Read(ref _sent));

    /// <summary>Lets it be asked no more, and ends its connections when the calls in flight have had their time.</summary>
    public async Task RetireAsync()
    {
        Health.Dispose();
        await Task.Delay(_fleet.Timeout + _fleet.Timeout, _fleet.Clock).ConfigureAwait(false);
        await _streams.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Ends its connections, and the calls on them.</summary>
    public ValueTask DisposeAsync()
    {
        Health.Dispose();
        return _streams.DisposeAsync();
    }

    /// <inheritdoc/>
    void IChannelObserver.OnWelcomed(Channel channel, Welcome welcome)
    {
        string? before = Interlocked.Exchange(ref _instance, welcome.Instance);
        if (before is not null && before != welcome.Instance)
        {
            Health.NoteNewProcess();
        }
    }

    /// <inheritdoc/>
    void IChannelObserver.OnGoingAway(Channel channel)
    {
        if (channel == _streams.Current)
        {
            Health.NoteLeaving();
        }
    }

    /// <inheritdoc/>
    void IChannelObserver.OnEnded(Channel channel, ChannelFault fault)
    {
        if (channel == _streams.Current && !fault.IsWanted)
        {
            Health.NoteLost(fault.Text, wasConnected: channel.Welcome is not null);
        }
    }

    private async ValueTask ProbeAsync() => await _streams.Start(
        _fleet.Pings, new PingMessage(MessageKind.Ping), CancellationToken.None, _fleet.Timeout).ConfigureAwait(false);
}
