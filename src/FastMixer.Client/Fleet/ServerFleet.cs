using System.Runtime.CompilerServices;
using FastMixer.Client.Attributes;
using FastMixer.Client.Fleet.Checks;
using FastMixer.Client.Fleet.Counts;
using FastMixer.Client.Fleet.Hedging;
using FastMixer.Client.Fleet.Naming;
using FastMixer.Client.Fleet.Routing;
using FastMixer.Client.Fleet.Servers;
using FastMixer.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace FastMixer.Client.Fleet;

/// <summary>
/// The servers that a client asks. A check goes to the server that its route leads to (<see cref="ServerChooser"/>); where that one can't be reached, stops, or sheds load, to
/// the next in the order, while its time lasts. Each attempt but the last possible one has half of what is left, so that there is time for another.
/// </summary>
internal sealed class ServerFleet : IFleet
{
    // A fleet whose servers shed load is not helped by asking all of them.
    private const int MaxOverloaded = 3;

    private static readonly TimeSpan LeastPatience = TimeSpan.FromMilliseconds(1);

    private readonly FleetContext _context;
    private readonly ServerChooser _chooser;
    private readonly ServerList _list;
    private readonly Hedger? _hedger;
    private readonly DeduplicationIds _ids = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private long _reports;
    private int _disposed;

    /// <summary>A fleet, which begins to connect.</summary>
    /// <param name="options">The client's options.</param>
    /// <param name="space">The attributes, for the base that each hello says.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logger">Told once of each change.</param>
    /// <param name="resolver">Looks names up; DNS by default.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which, and the range.</exception>
    public ServerFleet(MixerClientOptions options, AttributeSpace space, TimeProvider clock, ILogger logger, INameResolver? resolver = null)
    {
        IReadOnlyList<FleetAddress> addresses = FleetOptionsCheck.Read(options.Servers);
        _context = new FleetContext(options, space, clock, logger);
        _chooser = new ServerChooser(options.Servers.LoadSlack, clock);
        _hedger = options.Servers.Hedging ? new Hedger(_context) : null;
        _list = new ServerList(_context, addresses.Count);
        _watching = Watch(addresses, resolver ?? new DnsResolver());
    }

    /// <inheritdoc/>
    public PolicyLedger Policies => _context.Policies;

    /// <summary>What was counted so far, and the servers as they are.</summary>
    public FleetCounts Counts => _context.Counters.Read([.. _list.Servers.Select(server => server.View())]);

    private bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <inheritdoc/>
    public ValueTask<ServedVerdict> CheckAsync(CheckQuestion question, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, typeof(MixerClient));
        if (question.Quotas.Count > 0 && question.DeduplicationId.IsEmpty)
        {
            question.DeduplicationId = _ids.Next();
        }

        _context.Counters.Add(FleetCounter.Checks);
        return AskAsync(question, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<Acknowledgement> ReportAsync(ReadOnlyMemory<byte> records, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, typeof(MixerClient));
        long deadline = _context.Clock.GetTimestamp() + _context.ToTimestamps(_context.Timeout);

        // One route after another: servers get reports by their weights.
        ulong route = Rendezvous.Mix((ulong)Interlocked.Increment(ref _reports));
        await WaitForServersAsync(deadline, FleetCounter.FailedReports, cancellationToken).ConfigureAwait(false);
        FailedAttempts? failed = null;
        while (true)
        {
            FleetServer server = Choose(route, ref failed);
            long asked = _context.Clock.GetTimestamp();
            try
            {
                TimeSpan patience = Patience(deadline, asked, failed);
                Acknowledgement acknowledgement = await server.ReportAsync(records, patience, cancellationToken).ConfigureAwait(false);
                server.Health.NoteAnswer(asked);
                _context.Counters.Add(FleetCounter.Reports);
                return acknowledgement;
            }
            catch (MixerException problem)
            {
                server.Note(problem, asked);
                bool mayGoOn = TryGoOn(server, problem, deadline, ref failed);
                if (!mayGoOn || !FailedAttempts.IsUnheard(problem))
                {
                    _context.Counters.Add(FleetCounter.FailedReports);
                    throw FailedAttempts.IsUnheard(problem) ? failed?.ToException("report") ?? problem : Unacknowledged(server, problem);
                }
            }
        }
    }

    /// <summary>Ends all connections; what is in flight fails.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            await _watching.ConfigureAwait(false);
            await _list.DisposeAsync().ConfigureAwait(false);
            _stop.Dispose();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ServedVerdict> AskAsync(CheckQuestion question, CancellationToken cancellationToken)
    {
        if (_list.Servers.Length == 0)
        {
            await WaitForServersAsync(question.Deadline, FleetCounter.FailedChecks, cancellationToken).ConfigureAwait(false);
        }

        FailedAttempts? failed = null;
        while (true)
        {
            FleetServer server = Choose(question.Route, ref failed);
            try
            {
                TimeSpan patience = Patience(question.Deadline, _context.Clock.GetTimestamp(), failed);
                ValueTask<ServedVerdict> answer = IsHedged(question)
                    ? AskHedgedAsync(server, question, patience, cancellationToken)
                    : server.AskAsync(question, patience, cancellationToken);
                return await answer.ConfigureAwait(false);
            }
            catch (MixerException problem)
            {
                if (!TryGoOn(server, problem, question.Deadline, ref failed))
                {
                    _context.Counters.Add(FleetCounter.FailedChecks);
                    throw failed?.ToException("check") ?? problem;
                }
            }
        }
    }

    private bool IsHedged(CheckQuestion question) => _hedger is not null && question.Quotas.Count == 0 && question.DeduplicationId.IsEmpty;

    // Apart, so that a check which is not hedged pays for no closure.
    private ValueTask<ServedVerdict> AskHedgedAsync(
        FleetServer first, CheckQuestion question, TimeSpan patience, CancellationToken cancellationToken) =>
        _hedger!.AskAsync(first, question, patience, () => ChooseSecond(question.Route, first), cancellationToken);

    private FleetServer? ChooseSecond(ulong route, FleetServer first)
    {
        FleetServer? second = _chooser.Choose(_list.Servers, route, failed: null, first, out ServerChoice choice);
        return choice == ServerChoice.Panic ? null : second;
    }

    // Where all were tried, they may be tried again.
    private FleetServer Choose(ulong route, ref FailedAttempts? failed)
    {
        FleetServer[] servers = _list.Servers;
        FleetServer? server = _chooser.Choose(servers, route, failed, except: null, out ServerChoice choice);
        if (server is null)
        {
            failed?.BeginRound();
            server = _chooser.Choose(servers, route, failed, except: null, out choice)
                ?? throw new MixerUnavailableException($"{string.Join(", ", _context.Options.Addresses)} lead to no server.");
            _context.Counters.Add(FleetCounter.Retries);
        }
        else if (failed is not null)
        {
            _context.Counters.Add(FleetCounter.Failovers);
        }

        if (choice != ServerChoice.First)
        {
            _context.Counters.Add(choice == ServerChoice.Panic ? FleetCounter.Panics : FleetCounter.PassedOver);
        }

        return server;
    }

    private TimeSpan Patience(long deadline, long now, FailedAttempts? failed)
    {
        TimeSpan left = _context.Clock.GetElapsedTime(now, deadline);
        bool isLast = _list.Servers.Length - (failed?.InRound ?? 0) <= 1 || (failed?.Count ?? 0) + 1 >= _context.Options.Attempts;
        TimeSpan patience = isLast ? left : left / 2;
        return patience > LeastPatience ? patience : LeastPatience;
    }

    // Whether another attempt may follow a failed one. Failed stays null where the failure is the answer.
    private bool TryGoOn(FleetServer server, MixerException problem, long deadline, ref FailedAttempts? failed)
    {
        FailureMeaning meaning = Failures.Judge(problem);
        if (meaning == FailureMeaning.Final)
        {
            failed = null;
            return false;
        }

        failed ??= new FailedAttempts();
        failed.Add(server, problem, meaning);
        return !IsDisposed
            && failed.Count < _context.Options.Attempts
            && failed.Overloaded < Math.Min(MaxOverloaded, _list.Servers.Length)
            && _context.Clock.GetTimestamp() < deadline;
    }

    private Task Watch(IReadOnlyList<FleetAddress> addresses, INameResolver resolver)
    {
        List<Task> watching = [];
        for (int i = 0; i < addresses.Count; i++)
        {
            int index = i;
            if (addresses[i].IsName)
            {
                var watcher = new NameWatcher(addresses[i], resolver, _context, targets => _list.Update(index, targets));
                watching.Add(Task.Run(() => watcher.RunAsync(_stop.Token)));
            }
            else
            {
                _list.Update(i, [new ServerTarget(addresses[i].Server!)]);
            }
        }

        return Task.WhenAll(watching);
    }

    // Only names that were never found leave a fleet without a server.
    private async ValueTask WaitForServersAsync(long deadline, FleetCounter failures, CancellationToken cancellationToken)
    {
        TimeSpan left = _context.Clock.GetElapsedTime(_context.Clock.GetTimestamp(), deadline);
        try
        {
            await _list.Found.WaitAsync(left > LeastPatience ? left : LeastPatience, _context.Clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            _context.Counters.Add(failures);
            throw new MixerUnavailableException(
                $"{string.Join(", ", _context.Options.Addresses)} lead to no server yet: the names can't be looked up.", exception);
        }
    }

    private static MixerException Unacknowledged(FleetServer server, MixerException problem) => problem is MixerErrorException
        ? problem
        : new MixerUnacknowledgedException(
            $"{server.Address} was sent records, and has not acknowledged them; it may have taken them all the same: {problem.Message}", problem);
}
