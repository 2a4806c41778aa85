using FastMixer.Client.Fleet.Checks;
using FastMixer.Client.Fleet.Servers;

namespace FastMixer.Client.Fleet.Routing;

/// <summary>
/// Chooses the server for a check: the first in its rendezvous order that is in and has not more than its fair share of the recent load (Mirrokni, Thorup and Zadimoghaddam,
/// Consistent Hashing with Bounded Loads, 2016). Of servers with different priorities (RFC 2782) only the lowest number with a server that is in counts. When
/// all are out, all are asked, as if they were in. Thread-safe; takes no lock and allocates nothing.
/// </summary>
/// <param name="slack">How much more than the fair share is allowed; 0.2 is a fifth.</param>
/// <param name="clock">The clock.</param>
internal sealed class ServerChooser(double slack, TimeProvider clock)
{
    // So little load is nobody's burden: a key of an idle client stays at its server.
    private const double AlwaysAllowed = 4;

    private readonly RecentLoad _total = new(clock);

    /// <summary>Chooses a server, and counts the check as sent to it.</summary>
    /// <param name="servers">All of them.</param>
    /// <param name="route">Of the check.</param>
    /// <param name="failed">The attempts so far, whose servers are not chosen again; null for none.</param>
    /// <param name="except">A server that is not chosen either, since it is being asked; null for none.</param>
    /// <param name="choice">How it was chosen.</param>
    /// <returns>Null if all were tried.</returns>
    public FleetServer? Choose(FleetServer[] servers, ulong route, FailedAttempts? failed, FleetServer? except, out ServerChoice choice)
    {
        long now = clock.GetTimestamp();
        bool isPanic = !TryFindTier(servers, failed, except, needsIn: true, now, out int priority, out double weights);
        choice = isPanic ? ServerChoice.Panic : ServerChoice.First;
        if (isPanic && !TryFindTier(servers, failed, except, needsIn: false, now, out priority, out weights))
        {
            return null;
        }

        double fairShare = (1 + slack) * (_total.At(now) + 1) / weights;
        FleetServer? first = null;
        FleetServer? allowed = null;
        double firstScore = 0;
        double allowedScore = 0;
        foreach (FleetServer server in servers)
        {
            if (server.Priority != priority || !IsCandidate(server, failed, except, needsIn: !isPanic))
            {
                continue;
            }

            double weight = server.WeightAt(now);
            double score = Rendezvous.Score(route, server.Identity, weight);
            if (first is null || score > firstScore)
            {
                (first, firstScore) = (server, score);
            }

            if ((allowed is null || score > allowedScore) && server.Load.At(now) + 1 <= Math.Max(AlwaysAllowed, fairShare * weight))
            {
                (allowed, allowedScore) = (server, score);
            }
        }

        if (allowed is not null && allowed != first && !isPanic)
        {
            choice = ServerChoice.PassedOver;
        }

        FleetServer? chosen = allowed ?? first;
        chosen?.Load.Add(now);
        _total.Add(now);
        return chosen;
    }

    // The weight of all servers of the tier that are in, tried ones too: they carry load as well.
    private static bool TryFindTier(
        FleetServer[] servers, FailedAttempts? failed, FleetServer? except, bool needsIn, long now, out int priority, out double weights)
    {
        priority = int.MaxValue;
        weights = 0;
        foreach (FleetServer server in servers)
        {
            if (server.Priority < priority && IsCandidate(server, failed, except, needsIn))
            {
                priority = server.Priority;
            }
        }

        if (priority == int.MaxValue)
        {
            return false;
        }

        foreach (FleetServer server in servers)
        {
            if (server.Priority == priority && (!needsIn || server.Health.IsIn))
            {
                weights += server.WeightAt(now);
            }
        }

        return true;
    }

    private static bool IsCandidate(FleetServer server, FailedAttempts? failed, FleetServer? except, bool needsIn) =>
        (!needsIn || server.Health.IsIn) && server != except && failed?.HasTried(server) != true;
}

/// <summary>How a server was chosen.</summary>
internal enum ServerChoice
{
    /// <summary>It is the first that is in, of those not tried.</summary>
    First,

    /// <summary>Another comes before it, and has more than its share of the load.</summary>
    PassedOver,

    /// <summary>None of those not tried is in.</summary>
    Panic,
}
