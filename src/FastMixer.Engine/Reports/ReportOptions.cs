namespace FastMixer.Engine.Reports;

/// <summary>How many reports may wait, and who reads them. Immutable.</summary>
public sealed record ReportOptions
{
    /// <summary>The memory, in bytes, in which reports may wait until they are read.</summary>
    public long MaxBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How many workers read reports at once. A connection's reports are all read by one of them, in order.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>When a client may send again what was refused.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMilliseconds(250);
}
