using FastMixer.LoadTest.Load;

namespace FastMixer.LoadTest.Reports;

/// <summary>What became of reports whose backend was down for a while.</summary>
/// <param name="Load">How they were sent.</param>
/// <param name="Placement">Where processes ran.</param>
/// <param name="Outage">How long the backend was down.</param>
/// <param name="Tally">What the server's answers say.</param>
/// <param name="Records">What the server says of records.</param>
/// <param name="Instances">What it says of the instances that it made of them for the backend.</param>
/// <param name="Memory">Its memory, since everything that may fill is full.</param>
/// <param name="Acknowledged">Entries that the backend acknowledged.</param>
/// <param name="Unanswered">Entries that the backend read while it answered nothing.</param>
/// <param name="Resets">Connections that the backend reset.</param>
internal sealed record ReportOutageResult(
    RoundSettings Load,
    string Placement,
    TimeSpan Outage,
    ReportTally Tally,
    ReportCounts Records,
    ReportCounts Instances,
    MemorySamples Memory,
    long Acknowledged,
    long Unanswered,
    long Resets)
{
    /// <summary>What must be equal.</summary>
    public IReadOnlyList<(string Title, long Says, long Is)> Sums =>
    [
        ("records acknowledged to clients = accepted", Tally.Accepted, Records.Taken),
        ("records accepted = delivered + dropped + held", Records.Taken, Records.Found),
        ("entries sent = delivered + dropped + held", Instances.Taken, Instances.Found),
        ("records delivered = entries delivered", Records.Delivered, Instances.Delivered),
        ("entries delivered = acknowledged by the backend", Instances.Delivered, Acknowledged),
    ];

    /// <summary>Whether all that must be equal is, and the backend had something.</summary>
    public bool SumsAgree => Acknowledged > 0 && Sums.All(static sum => sum.Says == sum.Is);

    /// <summary>Whether nothing is lost uncounted and nothing grows.</summary>
    public bool Agrees => SumsAgree && Memory.IsFlat;
}
