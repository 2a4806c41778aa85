using FastMixer.Engine.Reports.Accounting;
using FastMixer.Engine.Snapshots;
using FastMixer.Policy.Rules;

namespace FastMixer.Engine.Diagnostics;

/// <summary>
/// What happened in the engine. Errors are counted where they happen, records once a message. Any thread may count; reads see recent values.
/// </summary>
public sealed class EngineCounters
{
    private readonly long[] _dropped = new long[Enum.GetValues<DropReason>().Length];
    private readonly RuleErrors _rules = new();
    private long _replaced;
    private long _handlersKept;
    private long _handlersCreated;
    private long _handlersEnded;
    private long _endErrors;
    private long _drainTimeouts;
    private long _accepted;
    private long _refused;
    private long _delivered;
    private long _held;

    /// <summary>Configurations that were replaced by another.</summary>
    public long Replaced => Interlocked.Read(ref _replaced);

    /// <summary>Handlers that went on with their state when a configuration was replaced.</summary>
    public long HandlersKept => Interlocked.Read(ref _handlersKept);

    /// <summary>Handlers that were made when a configuration was replaced.</summary>
    public long HandlersCreated => Interlocked.Read(ref _handlersCreated);

    /// <summary>Handlers of replaced configurations that were ended.</summary>
    public long HandlersEnded => Interlocked.Read(ref _handlersEnded);

    /// <summary>Handlers of replaced configurations that failed when they were ended, or did not end in time.</summary>
    public long EndErrors => Interlocked.Read(ref _endErrors);

    /// <summary>Replaced configurations whose handlers were ended although something still used them after a minute.</summary>
    public long DrainTimeouts => Interlocked.Read(ref _drainTimeouts);

    /// <summary>Records taken. Each is held until it is delivered or dropped: accepted = delivered + dropped + held.</summary>
    public long RecordsAccepted => Interlocked.Read(ref _accepted);

    /// <summary>Records refused because there was no room.</summary>
    public long RecordsRefused => Interlocked.Read(ref _refused);

    /// <summary>Records taken that are neither delivered nor dropped yet. Those of one message are counted out together.</summary>
    public long RecordsHeld => Interlocked.Read(ref _held);

    /// <summary>Records whose every instance was delivered, or summed up for its handler's metrics.</summary>
    public long RecordsDelivered => Interlocked.Read(ref _delivered);

    /// <summary>Records that were not delivered.</summary>
    /// <param name="reason">Why.</param>
    public long RecordsDropped(DropReason reason) => Interlocked.Read(ref _dropped[(int)reason]);

    /// <summary>The errors of each rule that has failed, by its full name.</summary>
    /// <param name="inForce">The configuration in force.</param>
    internal IReadOnlyDictionary<string, RuleErrorCounts> RuleErrors(Snapshot inForce)
    {
        Dictionary<string, RuleErrorCounts> counts = _rules.ToDictionary();
        foreach ((string rule, long errors) in inForce.CountSharedMatchErrors())
        {
            RuleErrorCounts known = counts.GetValueOrDefault(rule);
            counts[rule] = known with { Match = known.Match + errors };
        }

        return counts;
    }

    /// <summary>Takes over the counts that a replaced configuration has of its own.</summary>
    internal void Absorb(Snapshot replaced)
    {
        foreach ((string rule, long errors) in replaced.TakeSharedMatchErrors())
        {
            _rules.Add(rule, RuleError.Match, errors);
        }
    }

    /// <summary>Takes over the last counts of a configuration that nothing is answered by any more, and forgets the rules that are gone.</summary>
    /// <param name="retired">The configuration.</param>
    /// <param name="inForce">The one in force.</param>
    internal void Retire(Snapshot retired, Snapshot inForce)
    {
        Absorb(retired);
        _rules.Keep(inForce.Rules.Select(rule => rule.Name).ToHashSet(StringComparer.Ordinal));
    }

    internal void CountError(Rule rule, RuleError error) => _rules.Count(rule, error);

    internal void CountReplaced(ReplaceResult result)
    {
        Interlocked.Increment(ref _replaced);
        Interlocked.Add(ref _handlersKept, result.Kept);
        Interlocked.Add(ref _handlersCreated, result.Created);
    }

    internal void CountEndedHandlers(int ended, int failed)
    {
        Interlocked.Add(ref _handlersEnded, ended);
        Interlocked.Add(ref _endErrors, failed);
    }

    internal void CountDrainTimeout() => Interlocked.Increment(ref _drainTimeouts);

    internal void CountOffered(int accepted, int refused)
    {
        Interlocked.Add(ref _held, accepted);
        Interlocked.Add(ref _accepted, accepted);
        Interlocked.Add(ref _refused, refused);
    }

    internal void CountSettled(int records, int delivered)
    {
        Interlocked.Add(ref _delivered, delivered);
        Interlocked.Add(ref _held, -records);
    }

    internal void CountDropped(DropReason reason) => Interlocked.Increment(ref _dropped[(int)reason]);
}
