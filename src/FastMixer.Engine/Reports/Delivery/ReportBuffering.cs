namespace FastMixer.Engine.Reports.Delivery;

/// <summary>How instances wait for a handler, and how they come to it. Immutable.</summary>
public sealed record ReportBuffering
{
    /// <summary>The defaults.</summary>
    public static ReportBuffering Default { get; } = new();

    /// <summary>The memory, in bytes, in which instances may wait before they are in a batch; what has no room is dropped and counted.</summary>
    public long MaxBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>The most records of a batch.</summary>
    public int BatchRecords { get; init; } = 1024;

    /// <summary>The most bytes of a batch's records; one that is longer comes alone.</summary>
    public int BatchBytes { get; init; } = 256 * 1024;

    /// <summary>How long a batch that is not full waits for more. Zero: what is at hand is delivered at once.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.Zero;

    /// <summary>What is done when the backend fails.</summary>
    public ReportRetry Retry { get; init; } = ReportRetry.Default;
}

/// <summary>
/// How long a backend is waited for, and what is done when it fails. After a failure there is a pause, twice as long each time; the pause is kept
/// until something is delivered, so that a backend that is down is asked once a pause and no oftener. Immutable.
/// </summary>
public sealed record ReportRetry
{
    /// <summary>The defaults.</summary>
    public static ReportRetry Default { get; } = new();

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a batch is tried in all, before what is left of it is dropped. Exports of metrics are tried for ever.</summary>
    public int MaxAttempts { get; init; } = 8;

    /// <summary>The pause after the first failure.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(10);
}
