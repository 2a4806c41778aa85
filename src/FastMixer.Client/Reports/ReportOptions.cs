namespace FastMixer.Client.Reports;

/// <summary>How reports are gathered and sent. Immutable.</summary>
public sealed record ReportOptions
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>How many records leave together at most, 1 to 10,000.</summary>
    public int BatchRecords { get; init; } = 100;

    /// <summary>How long a record waits for others at most, 1 ms to a minute.</summary>
    public TimeSpan BatchTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The memory for records that wait, in bytes, 64 KiB to 1 GiB. When it is full the oldest are dropped. A record has at most a quarter of it, and 1 MiB. Batches
    /// on their way, two at most, have memory of their own.
    /// </summary>
    public int BufferBytes { get; init; } = 4 << 20;

    /// <summary>
    /// How long a batch is kept that no server takes, 1 ms to a day, from when the first one did not. It is sent again no earlier than the server that refused it has said; if
    /// none could be reached, after <see cref="RetryPause"/>.
    /// </summary>
    public TimeSpan RetryFor { get; init; } = Minute;

    /// <summary>
    /// The pause after a first failed sending, 1 ms to a minute. It doubles with each further one, up to <see cref="LongestRetryPause"/>; each pause is between half of
    /// that and the whole, by chance, so that clients do not come back all at once.
    /// </summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest such pause, <see cref="RetryPause"/> to a day.</summary>
    public TimeSpan LongestRetryPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether a batch is sent again although a server may have got it: its acknowledgement never came. Then its records may be counted twice; else
    /// they may be lost, and are counted as unacknowledged.
    /// </summary>
    public bool ResendUnacknowledged { get; init; }

    /// <summary>How long records that wait may take to be sent when the client is disposed of, 0 to a minute.</summary>
    public TimeSpan ShutdownGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Requires that each option is within its range.</summary>
    /// <exception cref="ArgumentException">One is not; the message says which, what it is, and what would be right.</exception>
    internal void Validate()
    {
        OptionRange.Require(BatchRecords, 1, 10_000, "Reports.BatchRecords");
        OptionRange.Require(BatchTime, Millisecond, Minute, "Reports.BatchTime");
        OptionRange.Require(BufferBytes, 64 << 10, 1 << 30, "Reports.BufferBytes");
        OptionRange.Require(RetryFor, Millisecond, Day, "Reports.RetryFor");
        OptionRange.Require(RetryPause, Millisecond, Minute, "Reports.RetryPause");
        OptionRange.Require(LongestRetryPause, RetryPause, Day, "Reports.LongestRetryPause");
        OptionRange.Require(ShutdownGrace, TimeSpan.Zero, Minute, "Reports.ShutdownGrace");
    }
}
