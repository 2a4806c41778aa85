namespace FastMixer.Client.Reports;

/// <summary>How reports are gathered and sent. Immutable.</summary>
public sealed record ReportOptions
{
    /// <summary>How many records leave together at most, 1 to 10,000.</summary>
    public int BatchRecords { get; init; } = 100;

    /// <summary>How long a record waits for others at most, 1 ms to a minute.</summary>
    public TimeSpan BatchTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The memory for records that wait, in bytes, 64 KiB to 1 GiB. When it is full the oldest are dropped.</summary>
    public int BufferBytes { get; init; } = 4 << 20;
}
