using System.Runtime.CompilerServices;
using FastMixer.Client.Attributes;
using FastMixer.Client.Fleet.Checks;
using FastMixer.Client.Fleet.Counts;
using FastMixer.Client.Fleet.Routing;
using FastMixer.Client.Fleet.Servers;
using FastMixer.Protocol.Addresses;
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

    private readonly FleetContext _context;
    private readonly ServerChooser _chooser;
    private readonly DeduplicationIds _ids = new();
    private readonly FleetServer[] _servers;
    private long _reports;
    private volatile bool _isDisposed;

    /// <summary>A fleet, which begins to connect.</summary>
    /// <param name="options">The client's options.</param>
    /// <param name="space">The attributes, for the base that each hello says.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logger">Told once of each change.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which, and the range.</exception>
    public ServerFleet(MixerClientOptions options, AttributeSpace space, TimeProvider clock, ILogger logger)
    {
        _context = new FleetContext(options, space, clock, logger);
        _chooser = new ServerChooser(options.Servers.LoadSlack, clock);
        _servers = [.. options.Servers.Addresses.Select((address, i) => new FleetServer(MixerAddress.Parse(address), (ushort)i, _context))];
        foreach (FleetServer server in _servers)
        {
            server.Connect();
        }
    }

    /// <inheritdoc/>
    public PolicyLedger Policies => _context.Policies;

    /// <summary>What was counted so far, and the servers as they are.</summary>
    public FleetCounts Counts => _context.Counters.Read([.. Servers.Select(server => server.View())]);

    private FleetServer[] Servers => _servers;

    /// <inheritdoc/>
    public ValueTask<ServedVerdict> CheckAsync(CheckQuestion question, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(MixerClient));
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
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(MixerClient));
        long deadline = _context.Clock.GetTimestamp() + _context.ToTimestamps(_context.Timeout);
        ulong route = Rendezvous.Mix((ulong)Interlocked.Increment(ref _reports));
        FailedAttempts? failed = null;
        while (true)
        {
            FleetServer server = Choose(route, ref failed);
            long asked = _context.Clock.GetTimestamp();
            try
            {
                Acknowledgement acknowledgement =
                    await server.ReportAsync(records, Patience(deadline, asked, failed), cancellationToken).ConfigureAwait(false);
                server.Health.NoteAnswer(asked);
                _context.Counters.Add(FleetCounter.Reports);
                return acknowledgement;
            }
            catch (MixerException problem)
            {
                bool mayGoOn = TryGoOn(server, problem, asked, deadline, ref failed);
                if (!IsUnheard(problem))
                {
                    _context.Counters.Add(FleetCounter.FailedReports);
                    throw Unacknowledged(server, problem);
                }

                if (!mayGoOn)
                {
                    _context.Counters.Add(FleetCounter.FailedReports);
                    throw failed?.ToException("report") ?? problem;
                }
            }
        }
    }

    /// <summary>Ends all connections; what is in flight fails.</summary>
    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        foreach (FleetServer server in Servers)
        {
            await server.DisposeAsync().ConfigureAwait(false);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ServedVerdict> AskAsync(CheckQuestion question, CancellationToken cancellationToken)
    {
        FailedAttempts? failed = null;
        while (true)
        {
            FleetServer server = Choose(question.Route, ref failed);
            long asked = _context.Clock.GetTimestamp();
            try
            {
                Verdict verdict =
                    await server.AskAsync(question, Patience(question.Deadline, asked, failed), cancellationToken).ConfigureAwait(false);
                server.Health.NoteAnswer(asked);
                return new ServedVerdict(verdict, server.Ordinal);
            }
            catch (MixerException problem)
            {
                if (!TryGoOn(server, problem, asked, question.Deadline, ref failed))
                {
                    _context.Counters.Add(FleetCounter.FailedChecks);
                    throw failed?.ToException("check") ?? problem;
                }
            }
        }
    }

    // All were tried: then they may be tried again.
    private FleetServer Choose(ulong route, ref FailedAttempts? failed)
    {
        FleetServer? server = _chooser.Choose(Servers, route, failed, out ServerChoice choice);
        if (server is null)
        {
            failed?.BeginRound();
            server = _chooser.Choose(Servers, route, failed, out choice)
                ?? throw new MixerUnavailableException("There is no server to ask.");
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
        TimeSpan least = TimeSpan.FromMilliseconds(1);
        bool isLast = Servers.Length - (failed?.InRound ?? 0) <= 1 || (failed?.Count ?? 0) + 1 >= _context.Options.Attempts;
        TimeSpan patience = isLast ? left : left / 2;
        return patience > least ? patience : least;
    }

    // Whether another attempt may follow a failed one.
    private bool TryGoOn(FleetServer server, MixerException problem, long asked, long deadline, ref FailedAttempts? failed)
    {
        FailureMeaning meaning = Failures.Judge(problem);
        if (meaning == FailureMeaning.Final)
        {
            server.Health.NoteAnswer(asked);
            failed = null;
            return false;
        }

        if (meaning != FailureMeaning.Full)
        {
            server.Health.NoteFailure(problem);
        }

        failed ??= new FailedAttempts();
        failed.Add(server, problem, meaning);
        return !_isDisposed
            && failed.Count < _context.Options.Attempts
            && failed.Overloaded < Math.Min(MaxOverloaded, Servers.Length)
            && _context.Clock.GetTimestamp() < deadline;
    }

    private static bool IsUnheard(MixerException problem) => problem.Reason != MixerFailure.Other
        || Failures.Judge(problem) is FailureMeaning.Overloaded;

    private static MixerException Unacknowledged(FleetServer server, MixerException problem) => problem is MixerErrorException
        ? problem
        : new MixerUnacknowledgedException(
            $"{server.Address} was sent records, and has not acknowledged them; it may have taken them all the same: {problem.Message}", problem);
}
