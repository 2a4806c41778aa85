namespace FastMixer.LoadTest.Outage;

/// <summary>What an outage came to, with FastMixer and without.</summary>
/// <param name="Options">What was done.</param>
/// <param name="Placement">Where processes ran.</param>
/// <param name="With">Callers that ask FastMixer.</param>
/// <param name="Without">Callers that ask the backend.</param>
internal sealed record OutageResult(OutageOptions Options, string Placement, OutageSide With, OutageSide Without)
{
    /// <summary>Both, in the order of reports.</summary>
    public IReadOnlyList<OutageSide> Sides => [With, Without];
}
