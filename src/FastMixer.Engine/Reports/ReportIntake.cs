using System.Runtime.CompilerServices;
using FastMixer.Engine.Diagnostics;
using FastMixer.Engine.Reports.Accounting;
using FastMixer.Engine.Snapshots;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Buffers;
using FastMixer.Protocol.Messages;

namespace FastMixer.Engine.Reports;

/// <summary>
/// Takes reports off the threads that read sockets, and lets workers send them on: checks never wait for reports. Bounded in memory; what has no room
/// is refused. Any thread may offer.
/// </summary>
public sealed class ReportIntake : IAsyncDisposable
{
    // Of messages that are on their way: as many as reports of a hundred records fit the default memory, twice. A ticket has about a hundred bytes.
    private const int KeptTickets = 32 * 1024;

    private readonly ReportOptions _options;
    private readonly EngineCounters _counters;
    private readonly TicketPool _tickets;
    private readonly IntakeLane[] _lanes;

    internal ReportIntake(ReportOptions options, EngineCounters counters, ReportFaults faults)
    {
        _options = options;
        _counters = counters;
        _tickets = new TicketPool(counters, KeptTickets);
        _lanes = [.. Enumerable.Range(0, options.Workers).Select(_ => new IntakeLane(options.MaxBytes / options.Workers, counters, faults))];
    }

    /// <summary>The memory in which reports wait, in bytes.</summary>
    public long MemoryBytes => _lanes.Sum(lane => lane.MemoryBytes);

    /// <summary>Takes a report, or refuses it.</summary>
    /// <param name="body">The message's body, known to be valid; copied before the call returns. What is not is dropped: <see cref="DropReason.Malformed"/>.</param>
    /// <param name="records">How many records it holds; more are not looked at, fewer are dropped alike.</param>
    /// <param name="lease">Of the configuration it was checked with; given back when the report is read or refused.</param>
    /// <param name="inherited">The base attributes, decoded with that configuration; must not change any more.</param>
    /// <param name="wordCount">How many words the client may use.</param>
    public Acknowledgement Offer(ReadOnlySpan<byte> body, int records, SnapshotLease lease, AttributeBag? inherited, int wordCount)
    {
        IntakeLane lane = LaneOf(inherited);
        if (!lane.TryClaim(body.Length, out RingClaim<ReportMessage> claim))
        {
            lease.Release();
            return Refuse(records);
        }

        ReportTicket ticket = _tickets.Get(records);
        body.CopyTo(claim.Bytes);
        _counters.CountOffered(records, 0);
        claim.Publish(new ReportMessage(ticket, lease, inherited, wordCount));
        lane.Wake();
        return new Acknowledgement(records, 0, TimeSpan.Zero);
    }

    /// <summary>Refuses a report that nobody has looked at.</summary>
    /// <param name="records">How many records it claims to hold.</param>
    public Acknowledgement Refuse(int records)
    {
        _counters.CountOffered(0, records);
        return new Acknowledgement(0, records, _options.RetryAfter);
    }

    /// <summary>Refuses what comes from now on, and reads what waits.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_lanes.Select(lane => lane.StopAsync())).ConfigureAwait(false);
        Array.ForEach(_lanes, lane => lane.Dispose());
    }

    // A connection has base attributes of its own; datagrams have none.
    private IntakeLane LaneOf(AttributeBag? inherited) => _lanes.Length == 1
        ? _lanes[0]
        : _lanes[(uint)(inherited is null ? Environment.CurrentManagedThreadId : RuntimeHelpers.GetHashCode(inherited)) % (uint)_lanes.Length];
}
