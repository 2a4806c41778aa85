namespace FastMixer.Client.Quotas;

/// <summary>
/// What became of the amounts that a client has taken ahead: <see cref="Granted"/> = <see cref="Taken"/> + <see cref="Expired"/> + <see cref="GivenBack"/> +
/// <see cref="Lost"/> + what is held. Immutable.
/// </summary>
/// <param name="Granted">Granted by servers ahead of demand.</param>
/// <param name="Taken">Handed out to checks without asking a server.</param>
/// <param name="Expired">Not used in their time.</param>
/// <param name="GivenBack">Given back to servers.</param>
/// <param name="Lost">Sent back, and whether a server has taken them back is not known.</param>
/// <param name="Prefetches">How often servers were asked for amounts ahead.</param>
/// <param name="FailedPrefetches">How often no server answered that, or the policy denied the request it was asked for with.</param>
/// <param name="DeniedLocally">Checks denied without asking, because servers had just denied as much.</param>
/// <param name="Pools">How many quotas are told apart now.</param>
public readonly record struct QuotaCounts(
    long Granted, long Taken, long Expired, long GivenBack, long Lost, long Prefetches, long FailedPrefetches, long DeniedLocally, int Pools)
{
    /// <summary>Granted, and waiting to be handed out.</summary>
    public long Held => Granted - Taken - Expired - GivenBack - Lost;
}
