namespace FastMixer.LoadTest.Fleet;

/// <summary>What became of the records of all sidecars.</summary>
/// <param name="Added">Records handed over.</param>
/// <param name="Acknowledged">Records that a server has taken.</param>
/// <param name="Unacknowledged">Records that were sent and may have arrived.</param>
/// <param name="Dropped">Records dropped, for any reason.</param>
/// <param name="Written">Records that servers have written out.</param>
internal sealed record RecordFates(long Added, long Acknowledged, long Unacknowledged, long Dropped, long Written)
{
    /// <summary>Records of which nothing is known: none, or the count is wrong.</summary>
    public long Unaccounted => Added - Acknowledged - Unacknowledged - Dropped;
}

/// <summary>What a rolling restart came to.</summary>
/// <param name="Setting">What was done.</param>
/// <param name="Kill">Whether servers were killed; else they were drained.</param>
/// <param name="Placement">Where processes ran.</param>
/// <param name="Checks">Checks in all.</param>
/// <param name="FromServer">Checks that a server has answered.</param>
/// <param name="FromCache">Checks that a sidecar has answered from a kept verdict in its time.</param>
/// <param name="Stale">Checks that a sidecar has answered from a verdict whose time was over.</param>
/// <param name="Failed">Checks that nobody has answered, and those of <paramref name="Stale"/>.</param>
/// <param name="Failures">Why, and how often.</param>
/// <param name="Failovers">Attempts at another server after one had failed.</param>
/// <param name="Ejections">Times that a sidecar left a server out.</param>
/// <param name="LongestSeconds">How long the slowest check took.</param>
/// <param name="P99Seconds">How long 99 of 100 checks took at most.</param>
/// <param name="Records">What became of reports.</param>
internal sealed record RestartResult(
    FleetSetting Setting,
    bool Kill,
    string Placement,
    long Checks,
    long FromServer,
    long FromCache,
    long Stale,
    long Failed,
    IReadOnlyDictionary<string, long> Failures,
    long Failovers,
    long Ejections,
    double LongestSeconds,
    double P99Seconds,
    RecordFates Records)
{
    /// <summary>What is not as it should be.</summary>
    public IReadOnlyList<string> Violations => [.. Judge()];

    private IEnumerable<string> Judge()
    {
        if (Failed > 0)
        {
            yield return $"{Failed} checks failed or were answered by a verdict whose time was over: expected none";
        }

        if (Records.Unaccounted != 0)
        {
            yield return $"{Records.Added} records were added, and {Records.Unaccounted} of them are neither acknowledged, unacknowledged nor dropped";
        }

        if (Records.Dropped > 0)
        {
            yield return $"{Records.Dropped} records were dropped: expected none";
        }

        if (!Kill && Records.Unacknowledged > 0)
        {
            yield return $"{Records.Unacknowledged} records were not acknowledged: expected none where servers are drained";
        }

        if (!Kill && Records.Written != Records.Acknowledged)
        {
            yield return $"servers have acknowledged {Records.Acknowledged} records and written {Records.Written}: expected as many";
        }

        if (Records.Written > Records.Added)
        {
            yield return $"servers have written {Records.Written} records of {Records.Added}: some twice";
        }
    }
}
