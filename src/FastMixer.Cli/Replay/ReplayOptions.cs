namespace FastMixer.Cli.Replay;

/// <summary>How a log is replayed. Immutable.</summary>
internal sealed record ReplayOptions
{
    /// <summary>How the log's lines are made up.</summary>
    public AccessLogFormat Format { get; init; } = AccessLogFormat.Combined;

    /// <summary>How many checks are in flight on each connection.</summary>
    public int Depth { get; init; } = 64;

    /// <summary>Whether checks are asked.</summary>
    public bool Checks { get; init; } = true;

    /// <summary>Whether reports are sent.</summary>
    public bool Reports { get; init; } = true;

    /// <summary>How many lines are read at most.</summary>
    public long Limit { get; init; } = long.MaxValue;

    /// <summary>A report is sent once its records have this many bytes, however few they are.</summary>
    public int ReportBytes { get; init; } = 256 * 1024;
}
