namespace FastMixer.Engine.Reports.Accounting;

/// <summary>
/// What became of the instances that rules sent to one handler: sent = delivered + dropped + held, whenever nothing is under way, and exactly. Any
/// thread may read.
/// </summary>
public sealed class HandlerCounters
{
    private readonly long[] _dropped = new long[Enum.GetValues<DropReason>().Length];
    private long _sent;
    private long _delivered;
    private long _failedAttempts;
    private long _overflows;
    private long _expiredSeries;

    /// <summary>Instances that rules sent, also those that had no room.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Instances that the backend has, or of which it can read the sum.</summary>
    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>Instances that will not be delivered.</summary>
    /// <param name="reason">Why.</param>
    public long Dropped(DropReason reason) => Interlocked.Read(ref _dropped[(int)reason]);

    /// <summary>Instances that wait: in the ring, in a batch, or summed up for the next export.</summary>
    public long Held
    {
        get
        {
            long ended = Delivered;
            for (int i = 0; i < _dropped.Length; i++)
            {
                ended += Interlocked.Read(ref _dropped[i]);
            }

            return Sent - ended;
        }
    }

    /// <summary>Attempts to deliver or export that failed or took too long.</summary>
    public long FailedAttempts => Interlocked.Read(ref _failedAttempts);

    /// <summary>Instances of metrics that were summed up in an overflow series, because a metric had too many series or too long dimensions.</summary>
    public long Overflows => Interlocked.Read(ref _overflows);

    /// <summary>Series that were forgotten because they had no instance for a while.</summary>
    public long ExpiredSeries => Interlocked.Read(ref _expiredSeries);

    internal void CountOverflow(int instances) => Interlocked.Add(ref _overflows, instances);

    internal void CountExpiredSeries(int series) => Interlocked.Add(ref _expiredSeries, series);

    internal void CountSent(int instances) => Interlocked.Add(ref _sent, instances);

    internal void CountDelivered(long instances) => Interlocked.Add(ref _delivered, instances);

    internal void CountDropped(DropReason reason, long instances) => Interlocked.Add(ref _dropped[(int)reason], instances);

    internal void CountFailedAttempt() => Interlocked.Increment(ref _failedAttempts);
}
