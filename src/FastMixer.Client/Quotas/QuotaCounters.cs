namespace FastMixer.Client.Quotas;

/// <summary>Counts what pools do. Any thread may call any member.</summary>
internal sealed class QuotaCounters
{
    private long _granted;
    private long _taken;
    private long _expired;
    private long _givenBack;
    private long _lost;
    private long _prefetches;
    private long _failedPrefetches;
    private long _deniedLocally;

    /// <summary>An amount was granted ahead.</summary>
    public void Grant(long amount) => Interlocked.Add(ref _granted, amount);

    /// <summary>An amount was handed out; below 0 if it was put back.</summary>
    public void Take(long amount) => Interlocked.Add(ref _taken, amount);

    /// <summary>An amount was not used in its time.</summary>
    public void Expire(long amount) => Interlocked.Add(ref _expired, amount);

    /// <summary>An amount was given back.</summary>
    public void GiveBack(long amount) => Interlocked.Add(ref _givenBack, amount);

    /// <summary>Whether an amount was given back is not known.</summary>
    public void Lose(long amount) => Interlocked.Add(ref _lost, amount);

    /// <summary>Servers are asked for an amount ahead.</summary>
    public void Prefetch() => Interlocked.Increment(ref _prefetches);

    /// <summary>That has failed.</summary>
    public void FailPrefetch() => Interlocked.Increment(ref _failedPrefetches);

    /// <summary>A check was denied without asking.</summary>
    public void Deny() => Interlocked.Increment(ref _deniedLocally);

    /// <summary>All counts.</summary>
    /// <param name="pools">How many pools there are.</param>
    public QuotaCounts Read(int pools)
    {
        // The grants last, so that no more seems to have ended than was granted.
        long taken = Interlocked.Read(ref _taken);
        long expired = Interlocked.Read(ref _expired);
        long givenBack = Interlocked.Read(ref _givenBack);
        long lost = Interlocked.Read(ref _lost);
        return new QuotaCounts(
            Interlocked.Read(ref _granted),
            taken,
            expired,
            givenBack,
            lost,
            Interlocked.Read(ref _prefetches),
            Interlocked.Read(ref _failedPrefetches),
            Interlocked.Read(ref _deniedLocally),
            pools);
    }
}
