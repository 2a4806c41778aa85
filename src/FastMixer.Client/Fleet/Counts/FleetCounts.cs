using FastMixer.Client.Fleet.Servers;

namespace FastMixer.Client.Fleet.Counts;

/// <summary>What a fleet has counted since it was made, and its servers as they are. Immutable.</summary>
/// <param name="Checks">Checks that were asked.</param>
/// <param name="FailedChecks">Checks that no server has answered, or that a server has answered with an error.</param>
/// <param name="Failovers">Attempts at another server after one has failed.</param>
/// <param name="Retries">Attempts at a server that was tried before, after all have failed.</param>
/// <param name="PassedOver">Attempts that went past a server with more than its share of the load.</param>
/// <param name="Panics">Attempts while all servers were out.</param>
/// <param name="Ejections">Times that a server went out: lost, leaving, or after failures in a row.</param>
/// <param name="FailedProbes">Probes that were not answered.</param>
/// <param name="DatagramFallbacks">Checks that took a stream because a datagram did not do.</param>
/// <param name="Hedges">Second servers asked because the first was slow.</param>
/// <param name="HedgesWon">Second servers that answered first.</param>
/// <param name="Reports">Reports that were acknowledged.</param>
/// <param name="FailedReports">Reports that were not.</param>
/// <param name="Servers">The servers, in the order of the addresses.</param>
public sealed record FleetCounts(
    long Checks,
    long FailedChecks,
    long Failovers,
    long Retries,
    long PassedOver,
    long Panics,
    long Ejections,
    long FailedProbes,
    long DatagramFallbacks,
    long Hedges,
    long HedgesWon,
    long Reports,
    long FailedReports,
    IReadOnlyList<ServerView> Servers);

/// <summary>A server as it is at a moment.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="State">Whether it is asked.</param>
/// <param name="Weight">Its weight, less what it lacks while it comes back; 1 is that of any server that is not by SRV records.</param>
/// <param name="Priority">Its priority by RFC 2782; 0 where there are none.</param>
/// <param name="InFlight">How many calls wait for its answers.</param>
/// <param name="Sent">Checks that were sent to it, each attempt counted.</param>
public sealed record ServerView(string Address, ServerState State, double Weight, int Priority, int InFlight, long Sent);
