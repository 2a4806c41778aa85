namespace FastMixer.Protocol.Messages;

/// <summary>An amount of a limited resource that a check asks for.</summary>
/// <param name="Name">The quota's name.</param>
/// <param name="Amount">How much; below 0 gives back.</param>
/// <param name="BestEffort">Whether less than asked may be granted.</param>
public sealed record QuotaRequest(string Name, long Amount, bool BestEffort = false);

/// <summary>What was granted of one quota.</summary>
/// <param name="Name">The quota's name.</param>
/// <param name="Granted">How much; 0 is a denial.</param>
/// <param name="ValidDuration">For how long.</param>
public sealed record QuotaGrant(string Name, long Granted, TimeSpan ValidDuration)
{
    /// <summary>
    /// What decided from which amount it was taken: checks of the same policy that agree in these attributes take this quota from the same one. Empty if
    /// all checks do; null if the server does not tell.
    /// </summary>
    public IReadOnlyList<ReferencedAttribute>? Referenced { get; init; }
}
