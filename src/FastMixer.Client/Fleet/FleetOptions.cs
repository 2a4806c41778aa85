namespace FastMixer.Client.Fleet;

/// <summary>Where the servers are, and how checks are spread over them. Immutable.</summary>
public sealed record FleetOptions
{
    /// <summary>
    /// The servers: <c>tcp://host:port</c>, <c>unix:///path</c>, <c>udp://host:port</c> (datagrams where they fit, and a stream to the same host and port where
    /// they do not), <c>dns://name:port</c> (a stream to each address of the name) or <c>srv://_service._tcp.name</c> (each target of the SRV records, by their weights;
    /// RFC 2782; a server that is not by SRV records has priority 0 and weight 1). At least one, and at most 1,024 servers count.
    /// </summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>
    /// How much more than its fair share of this client's recent checks a server may get before the next one in the order of a check takes over, 0.01 to 100: 0.2 is
    /// a fifth more. A small one evens out hot keys, a large one keeps each key at its server's cache.
    /// </summary>
    public double LoadSlack { get; init; } = 0.2;

    /// <summary>How many times a check is sent at most, to one server after another, while its time lasts, 1 to 16.</summary>
    public int Attempts { get; init; } = 8;

    /// <summary>After how many failures without an answer in between a server is left out, 1 to 1,000. A lost connection leaves it out at once.</summary>
    public int EjectAfter { get; init; } = 5;

    /// <summary>
    /// For how long a server is left out before it is probed, 1 ms to a day. It doubles with each probe that fails, and with each time that the server is left out
    /// again within <see cref="MaxEjectionTime"/> of coming back, up to that; by chance it is between half of that and the whole.
    /// </summary>
    public TimeSpan EjectionTime { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest time between probes, from <see cref="EjectionTime"/> to a day.</summary>
    public TimeSpan MaxEjectionTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long it takes a server that comes back to get its whole weight, from a tenth of it on, evenly, 0 to an hour; zero for at once. A server whose process has
    /// not changed while the connection was lost has its caches still, and takes no such time.
    /// </summary>
    public TimeSpan SlowStart { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether a second server is asked where the first takes longer than 95 of 100 answers did recently; the first answer counts (Dean and Barroso, The Tail at Scale,
    /// 2013). Never for checks that take from quotas or have a deduplication id: they are for one server. Costs an allocation for each check.
    /// </summary>
    public bool Hedging { get; init; }

    /// <summary>How many more checks than without servers get by <see cref="Hedging"/> at most, 0.001 to 1: 0.05 is one in twenty.</summary>
    public double HedgingBudget { get; init; } = 0.05;

    /// <summary>How often the names of <c>dns://</c> addresses are looked up again, 1 second to an hour.</summary>
    public TimeSpan DnsRefresh { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often SRV records are looked up again at least, 1 second to an hour; their own time to live counts where it is shorter, but for at least a second.
    /// </summary>
    public TimeSpan MaxSrvRefresh { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Datagrams are padded to this many bytes, 16 to 8,192: an answer is never longer than what asked for it, and one that is cut short can't be kept
    /// (protocol.md, section 8).
    /// </summary>
    public int DatagramPadding { get; init; } = 512;

    /// <summary>How many checks may wait for answers of one server, 1 to 65,536. A further one goes to the next.</summary>
    public int MaxInFlight { get; init; } = 4096;

    /// <summary>Whether each check goes to any server: what sharding is measured against.</summary>
    internal bool RoutesAtRandom { get; init; }

    /// <summary>Whether a question may have to be said whole, in a datagram.</summary>
    internal bool MayUseDatagrams => Addresses.Any(address => address.StartsWith("udp://", StringComparison.Ordinal));
}
