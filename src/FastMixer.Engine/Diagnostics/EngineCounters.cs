namespace FastMixer.Engine.Diagnostics;

/// <summary>Why a record of a report was not delivered.</summary>
public enum DropReason
{
    /// <summary>A field of an instance could not be evaluated.</summary>
    EvaluationError,

    /// <summary>A handler had no room.</summary>
    HandlerFull,

    /// <summary>A handler failed.</summary>
    HandlerError,
}

/// <summary>
/// What happened in the engine. Errors are counted where they happen, records once a message. Any thread may count; reads see recent values.
/// </summary>
public sealed class EngineCounters
{
    private readonly long[] _dropped = new long[Enum.GetValues<DropReason>().Length];
    private long _matchErrors;
    private long _instanceErrors;
    private long _handlerErrors;
    private long _accepted;
    private long _refused;
    private long _delivered;

    /// <summary>Match expressions that ended with an error: the rule was then treated as not matching.</summary>
    public long MatchErrors => Interlocked.Read(ref _matchErrors);

    /// <summary>Instances of checks and quotas whose fields could not be evaluated.</summary>
    public long InstanceErrors => Interlocked.Read(ref _instanceErrors);

    /// <summary>Handlers that failed at a check or quota, or when they were to send the records they had taken.</summary>
    public long HandlerErrors => Interlocked.Read(ref _handlerErrors);

    /// <summary>Records taken. Each is later counted as delivered or dropped.</summary>
    public long RecordsAccepted => Interlocked.Read(ref _accepted);

    /// <summary>Records refused because there was no room.</summary>
    public long RecordsRefused => Interlocked.Read(ref _refused);

    /// <summary>Records that every handler they were meant for has taken.</summary>
    public long RecordsDelivered => Interlocked.Read(ref _delivered);

    /// <summary>Records that were not delivered.</summary>
    /// <param name="reason">Why.</param>
    public long RecordsDropped(DropReason reason) => Interlocked.Read(ref _dropped[(int)reason]);

    internal void CountMatchError() => Interlocked.Increment(ref _matchErrors);

    internal void CountInstanceError() => Interlocked.Increment(ref _instanceErrors);

    internal void CountHandlerError() => Interlocked.Increment(ref _handlerErrors);

    internal void CountOffered(int accepted, int refused)
    {
        Interlocked.Add(ref _accepted, accepted);
        Interlocked.Add(ref _refused, refused);
    }

    internal void CountDelivered(int records) => Interlocked.Add(ref _delivered, records);

    internal void CountDropped(DropReason reason) => Interlocked.Increment(ref _dropped[(int)reason]);
}
