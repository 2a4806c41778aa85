using System.Runtime.CompilerServices;
using FastMixer.Client.Calls;
using FastMixer.Client.Channels;
using FastMixer.Client.Fleet.Checks;
using FastMixer.Client.Fleet.Counts;
using FastMixer.Client.Fleet.Routing;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Client.Fleet.Servers;

/// <summary>One server of a fleet: its connections, its health, and what it was asked recently. Thread-safe.</summary>
internal sealed class FleetServer : IChannelObserver, IAsyncDisposable
{
    private readonly FleetContext _fleet;
    private readonly ChannelSource _streams;
    private readonly ChannelSource? _datagrams;
    private readonly DatagramGate _gate;
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
        _gate = new DatagramGate(fleet, Address);
        _streams = SourceFor(address.IsStream ? address : address.WithTransport(Transport.Tcp));
        _datagrams = address.IsStream ? null : SourceFor(address);
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

    /// <summary>Begins to connect, so that the first check finds a connection. A server that takes datagrams is connected to when one does not do.</summary>
    public void Connect() => (_datagrams ?? _streams).GetPatiently();

    /// <summary>Asks a question, and notes what comes of it.</summary>
    /// <param name="question">The question; its owner leaves it as it is until the task has completed.</param>
    /// <param name="patience">How long the answer is waited for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ServedVerdict> AskAsync(CheckQuestion question, TimeSpan patience, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _sent);
        long asked = _fleet.Clock.GetTimestamp();
        try
        {
            ValueTask<Verdict> answer = _datagrams is { } datagrams
                ? AskByDatagramAsync(datagrams, question, patience, cancellationToken)
                : AskByStreamAsync(question, patience, cancellationToken);
            Verdict verdict = await answer.ConfigureAwait(false);
            Health.NoteAnswer(asked);
            return new ServedVerdict(verdict, Ordinal);
        }
        catch (MixerException problem)
        {
            Note(problem, asked);
            throw;
        }
    }

    /// <summary>Notes what a failure says of the server.</summary>
    /// <param name="problem">The failure.</param>
    /// <param name="asked">When what has failed was asked, as a timestamp.</param>
    public void Note(MixerException problem, long asked)
    {
        switch (Failures.Judge(problem))
        {
            case FailureMeaning.Unreachable or FailureMeaning.Overloaded:
                Health.NoteFailure(problem);
                break;
            case FailureMeaning.Final when problem is MixerErrorException:
                Health.NoteAnswer(asked);
                break;
        }
    }

    /// <summary>Hands over records, on a stream.</summary>
    /// <param name="records">The array of records; encoded before this returns.</param>
    /// <param name="patience">How long the acknowledgement is waited for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<Acknowledgement> ReportAsync(ReadOnlyMemory<byte> records, TimeSpan patience, CancellationToken cancellationToken) =>
        _streams.Start(_fleet.Reports, new RecordsMessage(records), cancellationToken, patience);

    /// <summary>The server as it is now.</summary>
    public ServerView View() => new(
        Address, Health.State, WeightAt(_fleet.Clock.GetTimestamp()), Priority, _streams.InFlight + (_datagrams?.InFlight ?? 0), Volatile.Read(ref _sent));

    /// <summary>Lets it be asked no more, and ends its connections when the calls in flight have had their time.</summary>
    /// <param name="stop">Ends them at once.</param>
    public async Task RetireAsync(CancellationToken stop)
    {
        Health.Dispose();
        await Task.Delay(_fleet.Timeout + _fleet.Timeout, _fleet.Clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Ends its connections, and the calls on them.</summary>
    public async ValueTask DisposeAsync()
    {
        Health.Dispose();
        await _streams.DisposeAsync().ConfigureAwait(false);
        if (_datagrams is not null)
        {
            await _datagrams.DisposeAsync().ConfigureAwait(false);
        }
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

    private ChannelSource SourceFor(MixerAddress address)
    {
        ClientContext context = _fleet.ContextFor(address, this);
        context.PolicyChanged = policy => _fleet.Policies.Note(Ordinal, policy);
        return new ChannelSource(context);
    }

    private ValueTask<Verdict> AskByStreamAsync(CheckQuestion question, TimeSpan patience, CancellationToken cancellationToken) =>
        _streams.Start(_fleet.Checks, new QuestionMessage(question, patience, isWhole: false), cancellationToken, patience);

    // A datagram has half of the time; a stream has what is left, at once where the question or its answer does not fit.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Verdict> AskByDatagramAsync(
        ChannelSource datagrams, CheckQuestion question, TimeSpan patience, CancellationToken cancellationToken)
    {
        bool isSilent = false;
        TimeSpan left = patience;
        if (question.Whole.Length > 0 && _gate.IsOpen)
        {
            long asked = _fleet.Clock.GetTimestamp();
            TimeSpan half = patience / 2;
            try
            {
                Verdict verdict = await datagrams
                    .Start(_fleet.Checks, new QuestionMessage(question, half, isWhole: true), cancellationToken, half).ConfigureAwait(false);
                _gate.NoteAnswer();
                return verdict;
            }
            catch (MixerException problem) when (DoesNotFit(problem) || Failures.Judge(problem) == FailureMeaning.Unreachable)
            {
                isSilent = !DoesNotFit(problem);
                TimeSpan rest = patience - _fleet.Clock.GetElapsedTime(asked);
                left = rest > TimeSpan.FromMilliseconds(1) ? rest : TimeSpan.FromMilliseconds(1);
            }
        }

        _fleet.Counters.Add(FleetCounter.DatagramFallbacks);
        Verdict answer = await AskByStreamAsync(question, left, cancellationToken).ConfigureAwait(false);
        if (isSilent)
        {
            _gate.Close();
        }

        return answer;
    }

    private static bool DoesNotFit(MixerException problem) =>
        problem.Reason == MixerFailure.TooLarge || problem is MixerErrorException { Code: ErrorCode.AnswerTooLarge };

    private async ValueTask ProbeAsync()
    {
        ChannelSource probed = _datagrams is { } datagrams && _gate.IsOpen ? datagrams : _streams;
        await probed.Start(_fleet.Pings, new PingMessage(MessageKind.Ping), CancellationToken.None, _fleet.Timeout).ConfigureAwait(false);
    }
}
