namespace FastMixer.Client.Fleet.Counts;

/// <summary>What a fleet counts.</summary>
internal enum FleetCounter
{
    /// <summary>Checks that were asked.</summary>
    Checks,

    /// <summary>Checks that no server has answered.</summary>
    FailedChecks,

    /// <summary>Attempts at another server after one has failed.</summary>
    Failovers,

    /// <summary>Attempts at a server that was tried before, after all have failed.</summary>
    Retries,

    /// <summary>Attempts that went past a server with more than its share of the load.</summary>
    PassedOver,

    /// <summary>Attempts while all servers were out.</summary>
    Panics,

    /// <summary>Times that a server went out.</summary>
    Ejections,

    /// <summary>Probes that were not answered.</summary>
    FailedProbes,

    /// <summary>Checks that took a stream because a datagram does not do.</summary>
    DatagramFallbacks,

    /// <summary>Second servers asked because the first was slow.</summary>
    Hedges,

    /// <summary>Second servers that answered first.</summary>
    HedgesWon,

    /// <summary>Reports that were acknowledged.</summary>
    Reports,

    /// <summary>Reports that were not.</summary>
    FailedReports,
}

/// <summary>The numbers behind <see cref="FleetCounts"/>. Thread-safe.</summary>
internal sealed class FleetCounters
{
    private readonly long[] _counts = new long[Enum.GetValues<FleetCounter>().Length];

    /// <summary>Counts one.</summary>
    /// <param name="counter">Of what.</param>
    public void Add(FleetCounter counter) => Interlocked.Increment(ref _counts[(int)counter]);

    /// <summary>How many there were.</summary>
    /// <param name="counter">Of what.</param>
    public long Of(FleetCounter counter) => Volatile.Read(ref _counts[(int)counter]);

    /// <summary>All of it.</summary>
    /// <param name="servers">The servers as they are.</param>
    public FleetCounts Read(IReadOnlyList<ServerView> servers) => new(
        Of(FleetCounter.Checks),
        Of(FleetCounter.FailedChecks),
        Of(FleetCounter.Failovers),
        Of(FleetCounter.Retries),
        Of(FleetCounter.PassedOver),
        Of(FleetCounter.Panics),
        Of(FleetCounter.Ejections),
        Of(FleetCounter.FailedProbes),
        Of(FleetCounter.DatagramFallbacks),
        Of(FleetCounter.Hedges),
        Of(FleetCounter.HedgesWon),
        Of(FleetCounter.Reports),
        Of(FleetCounter.FailedReports),
        servers);
}
