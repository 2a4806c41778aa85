using FastMixer.Protocol.Wire;

namespace FastMixer.Server.Diagnostics;

/// <summary>
/// What happened at the sockets, and seldom: nothing here is counted per request. Any thread may count; reads see recent values.
/// </summary>
public sealed class ServerCounters
{
    private readonly long[] _closed = new long[Enum.GetValues<CloseReason>().Length];
    private readonly long[] _errors = new long[byte.MaxValue + 1];
    private long _accepted;
    private long _acceptErrors;
    private long _datagramsDropped;
    private long _baseMisfits;
    private long _lastMisfitGeneration = -1;

    /// <summary>Connections accepted.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Failed attempts to accept a connection.</summary>
    public long AcceptErrors => Interlocked.Read(ref _acceptErrors);

    /// <summary>Datagrams dropped without an answer: shorter than the shortest, longer than the limit, or no room to answer.</summary>
    public long DatagramsDropped => Interlocked.Read(ref _datagramsDropped);

    /// <summary>Connections closed because their base attributes do not fit a policy that came after their hello.</summary>
    public long BaseMisfits => Interlocked.Read(ref _baseMisfits);

    /// <summary>Connections that ended for a reason.</summary>
    /// <param name="reason">The reason.</param>
    public long Closed(CloseReason reason) => Interlocked.Read(ref _closed[(int)reason]);

    /// <summary>Errors sent, by code.</summary>
    /// <param name="code">The code.</param>
    public long Errors(ErrorCode code) => Interlocked.Read(ref _errors[(int)code]);

    /// <summary>Counts a connection.</summary>
    internal void CountAccepted() => Interlocked.Increment(ref _accepted);

    /// <summary>Counts a failed accept.</summary>
    internal void CountAcceptError() => Interlocked.Increment(ref _acceptErrors);

    /// <summary>Counts a datagram that got no answer.</summary>
    internal void CountDatagramDropped() => Interlocked.Increment(ref _datagramsDropped);

    /// <summary>Counts a connection whose base attributes do not fit a policy any more.</summary>
    /// <param name="generation">The policy's number.</param>
    /// <returns>Whether it is the first since another policy had some: one line of the log is enough for all.</returns>
    internal bool CountBaseMisfit(long generation)
    {
        Interlocked.Increment(ref _baseMisfits);
        return Interlocked.Exchange(ref _lastMisfitGeneration, generation) != generation;
    }

    /// <summary>Counts the end of a connection.</summary>
    internal void CountClosed(CloseReason reason) => Interlocked.Increment(ref _closed[(int)reason]);

    /// <summary>Counts an error sent.</summary>
    internal void CountError(ErrorCode code) => Interlocked.Increment(ref _errors[(int)code]);
}
