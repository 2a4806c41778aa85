using FastMixer.LoadTest.Processes;

namespace FastMixer.LoadTest.Reports;

/// <summary>What a server counts of reports: of records, or of the instances that it made of them for one handler.</summary>
/// <param name="Taken">Records accepted, or instances sent.</param>
/// <param name="Delivered">Those delivered.</param>
/// <param name="Held">Those that still wait.</param>
/// <param name="Dropped">Those dropped, by reason; reasons that did not occur are left out.</param>
internal sealed record ReportCounts(long Taken, long Delivered, long Held, IReadOnlyDictionary<string, long> Dropped)
{
    private const string Reason = "dropped: ";

    /// <summary>All that were dropped.</summary>
    public long DroppedInAll => Dropped.Values.Sum();

    /// <summary>All that have come to an end, or wait.</summary>
    public long Found => Delivered + Held + DroppedInAll;

    /// <summary>The records of a server.</summary>
    public static ReportCounts OfRecords(MetricsText metrics) => Read(metrics, "fastmixer_records_total{outcome=\"", "accepted", "fastmixer_records_held");

    /// <summary>The instances of a handler.</summary>
    public static ReportCounts OfHandler(MetricsText metrics, string handler) => Read(
        metrics, $"fastmixer_report_instances_total{{handler=\"{handler}\",outcome=\"", "sent", $"fastmixer_report_held{{handler=\"{handler}\"}}");

    private static ReportCounts Read(MetricsText metrics, string prefix, string taken, string held)
    {
        var dropped = metrics.Beginning(prefix + Reason)
            .Where(static reason => reason.Value > 0)
            .ToDictionary(reason => reason.Key[(prefix.Length + Reason.Length)..^2], static reason => (long)reason.Value);
        return new ReportCounts((long)metrics[$"{prefix}{taken}\"}}"], (long)metrics[prefix + "delivered\"}"], (long)metrics[held], dropped);
    }
}
