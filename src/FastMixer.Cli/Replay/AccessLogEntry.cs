namespace FastMixer.Cli.Replay;

/// <summary>A request as an access log tells it. Immutable.</summary>
internal sealed record AccessLogEntry
{
    /// <summary>Who asked, as the log has it: an address or a host name.</summary>
    public required string Source { get; init; }

    /// <summary>The bytes of <see cref="Source"/> if it is an IP address, else null.</summary>
    public byte[]? SourceAddress { get; init; }

    /// <summary>The authenticated user, if any.</summary>
    public string? User { get; init; }

    /// <summary>When, in nanoseconds since 1970.</summary>
    public required long Time { get; init; }

    /// <summary>What was asked for.</summary>
    public required RequestLine Request { get; init; }

    /// <summary>The HTTP status answered, if the log has one.</summary>
    public int? Status { get; init; }

    /// <summary>The bytes of the answer's body.</summary>
    public long Size { get; init; }

    /// <summary>The referer, if any.</summary>
    public string? Referer { get; init; }

    /// <summary>The user agent, if any.</summary>
    public string? UserAgent { get; init; }
}
