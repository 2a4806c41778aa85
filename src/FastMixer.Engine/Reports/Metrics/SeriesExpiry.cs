namespace FastMixer.Engine.Reports.Metrics;

/// <summary>Forgets the idle series of a handler's metrics, from time to time. Used by the handler's worker.</summary>
/// <param name="tables">The metrics.</param>
/// <param name="time">The time to go by.</param>
internal sealed class SeriesExpiry(MetricTables tables, TimeProvider time)
{
    private long _last = time.GetTimestamp();

    /// <summary>How long until idle series are to be looked for; infinite if never.</summary>
    public TimeSpan Due
    {
        get
        {
            TimeSpan interval = tables.ExpiryInterval;
            TimeSpan left = interval - time.GetElapsedTime(_last);
            return interval == Timeout.InfiniteTimeSpan ? interval : left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Looks for idle series if it is time to. Not while they are exported.</summary>
    public void RunIfDue()
    {
        if (Due == TimeSpan.Zero)
        {
            _last = time.GetTimestamp();
            tables.Expire(time);
        }
    }
}
