namespace FastMixer.Client.Fleet;

/// <summary>Where the servers are, and how checks are spread over them. Immutable.</summary>
public sealed record FleetOptions
{
    /// <summary>
    /// The servers: <c>tcp://host:port</c>, <c>unix:///path</c>, <c>udp://host:port</c> (datagrams where they fit, and a stream to the same host and port where
    /// they do not), <c>dns://name:port</c> (a stream to each address of the name) or <c>srv://_service._tcp.name</c> (each target of the SRV records, by their weights;
    /// RFC 2782). At least one.
    /// </summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>Whether a question may have to be said whole, in a datagram.</summary>
    internal bool MayUseDatagrams => Addresses.Any(address => address.StartsWith("udp://", StringComparison.Ordinal));
}
