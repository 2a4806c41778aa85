namespace FastMixer.Client.Reports;

/// <summary>
/// What became of the records of a client at one moment: <see cref="Added"/> = <see cref="Acknowledged"/> + <see cref="Unacknowledged"/> + <see cref="Held"/> + those
/// dropped, whatever the reason. Immutable.
/// </summary>
public sealed record ReportCounts
{
    private readonly long[] _dropped;

    internal ReportCounts(long[] dropped) => _dropped = dropped;

    /// <summary>Records handed over, also those that were dropped at once.</summary>
    public required long Added { get; init; }

    /// <summary>Records that a server has taken.</summary>
    public required long Acknowledged { get; init; }

    /// <summary>Records that were sent and may have arrived: their acknowledgement never came.</summary>
    public required long Unacknowledged { get; init; }

    /// <summary>How many records were sent once more; one may be counted several times.</summary>
    public required long Retried { get; init; }

    /// <summary>Records that wait to be sent, or for their acknowledgement.</summary>
    public long Held => Added - Acknowledged - Unacknowledged - AllDropped;

    /// <summary>Records dropped, for all reasons.</summary>
    public long AllDropped => _dropped.Sum();

    /// <summary>Records dropped.</summary>
    /// <param name="reason">Why.</param>
    public long Dropped(ReportDropReason reason) => _dropped[(int)reason];
}
