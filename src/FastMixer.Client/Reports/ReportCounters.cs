namespace FastMixer.Client.Reports;

/// <summary>The ends that records have come to. Any thread may call any member.</summary>
internal sealed class ReportCounters
{
    private readonly long[] _dropped = new long[Enum.GetValues<ReportDropReason>().Length];
    private long _acknowledged;
    private long _unacknowledged;
    private long _retried;

    /// <summary>Counts records that a server has taken.</summary>
    public void Acknowledge(int records) => Interlocked.Add(ref _acknowledged, records);

    /// <summary>Counts records whose acknowledgement will not come.</summary>
    public void GiveUp(int records) => Interlocked.Add(ref _unacknowledged, records);

    /// <summary>Counts records that are sent again.</summary>
    public void Retry(int records) => Interlocked.Add(ref _retried, records);

    /// <summary>Counts records that will not be sent.</summary>
    public void Drop(ReportDropReason reason, int records) => Interlocked.Add(ref _dropped[(int)reason], records);

    /// <summary>All counts. Allocates.</summary>
    /// <param name="added">Reads how many records were added; called last, so that no more have ended than were added.</param>
    public ReportCounts Read(Func<long> added)
    {
        var dropped = new long[_dropped.Length];
        for (int i = 0; i < dropped.Length; i++)
        {
            dropped[i] = Interlocked.Read(ref _dropped[i]);
        }

        return new ReportCounts(dropped)
        {
            Acknowledged = Interlocked.Read(ref _acknowledged),
            Unacknowledged = Interlocked.Read(ref _unacknowledged),
            Retried = Interlocked.Read(ref _retried),
            Added = added(),
        };
    }
}
