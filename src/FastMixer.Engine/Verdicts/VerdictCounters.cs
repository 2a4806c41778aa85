using FastMixer.Caching.Keys;

namespace FastMixer.Engine.Verdicts;

/// <summary>What the cache of verdicts did. Any thread may count; reads see recent values.</summary>
internal sealed class VerdictCounters
{
    private readonly StripedCount _hits = new();
    private readonly long[] _misses = new long[Enum.GetValues<MissReason>().Length];
    private long _renewalsStarted;
    private long _renewed;
    private long _renewalsFailed;
    private long _renewalsRefused;

    /// <summary>Checks that were answered by the cache.</summary>
    public long Hits => _hits.Value;

    /// <summary>What became of renewals.</summary>
    public RenewalCounts Renewals => new(
        Interlocked.Read(ref _renewalsStarted),
        Interlocked.Read(ref _renewed),
        Interlocked.Read(ref _renewalsFailed),
        Interlocked.Read(ref _renewalsRefused));

    /// <summary>Checks that were not.</summary>
    /// <param name="reason">Why not.</param>
    public long Misses(MissReason reason) => Interlocked.Read(ref _misses[(int)reason]);

    public void CountHit() => _hits.Increment();

    public void CountMiss(MissReason reason) => Interlocked.Increment(ref _misses[(int)reason]);

    public void CountRenewalStarted() => Interlocked.Increment(ref _renewalsStarted);

    public void CountRenewalRefused() => Interlocked.Increment(ref _renewalsRefused);

    public void CountRenewalEnded(bool isRenewed) => Interlocked.Increment(ref isRenewed ? ref _renewed : ref _renewalsFailed);
}
