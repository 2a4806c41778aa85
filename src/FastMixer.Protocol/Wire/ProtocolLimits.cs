namespace FastMixer.Protocol.Wire;

/// <summary>
/// What one side accepts of the other (protocol.md, section 7, with the defaults given there). Immutable.
/// </summary>
public sealed record ProtocolLimits
{
    /// <summary>Nothing nests deeper than this many arrays and maps.</summary>
    public const int MaxDepth = 8;

    /// <summary>The shortest datagram that gets an answer, in bytes.</summary>
    public const int MinDatagramBytes = 16;

    /// <summary>The defaults.</summary>
    public static ProtocolLimits Default { get; } = new();

    /// <summary>Bytes of a frame's body.</summary>
    public int MaxFrameBytes { get; init; } = 1_048_576;

    /// <summary>Bytes of a datagram.</summary>
    public int MaxDatagramBytes { get; init; } = 8_192;

    /// <summary>Attributes in one map.</summary>
    public int MaxAttributes { get; init; } = 256;

    /// <summary>Entries in one string map.</summary>
    public int MaxMapEntries { get; init; } = 256;

    /// <summary>Bytes of a name.</summary>
    public int MaxNameBytes { get; init; } = 256;

    /// <summary>Bytes of a string or bytes value, or of a map's key.</summary>
    public int MaxValueBytes { get; init; } = 65_536;

    /// <summary>Records in a report.</summary>
    public int MaxRecords { get; init; } = 10_000;

    /// <summary>Requests in flight on a connection; the server stops reading at it.</summary>
    public int MaxInFlight { get; init; } = 1_024;

    /// <summary>Quotas in a check.</summary>
    public int MaxQuotas { get; init; } = 16;

    /// <summary>How long a new connection may take until its hello is complete.</summary>
    public TimeSpan HelloTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may stay without sending a byte.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a client may leave answers untaken.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Connections to the server.</summary>
    public int MaxConnections { get; init; } = 8_192;

    /// <summary>The limits by their numbers in the protocol, durations in milliseconds. Allocates.</summary>
    public IReadOnlyList<KeyValuePair<int, long>> ToNumbers() =>
    [
        new(1, MaxFrameBytes), new(2, MaxDatagramBytes), new(3, MaxAttributes), new(4, MaxMapEntries), new(5, MaxNameBytes),
        new(6, MaxValueBytes), new(7, MaxRecords), new(8, MaxInFlight), new(9, MaxQuotas), new(10, (long)HelloTimeout.TotalMilliseconds),
        new(11, (long)IdleTimeout.TotalMilliseconds), new(12, (long)SendTimeout.TotalMilliseconds), new(13, MaxConnections),
    ];

    /// <summary>These limits with one replaced by what a peer said; numbers that this version does not know change nothing. Allocates.</summary>
    /// <param name="number">The limit's number.</param>
    /// <param name="value">Its value; milliseconds for durations.</param>
    public ProtocolLimits WithNumber(long number, long value)
    {
        int count = (int)Math.Clamp(value, 0, int.MaxValue);
        TimeSpan time = TimeSpan.FromMilliseconds(count);
        return number switch
        {
            1 => this with { MaxFrameBytes = count },
            2 => this with { MaxDatagramBytes = count },
            3 => this with { MaxAttributes = count },
            4 => this with { MaxMapEntries = count },
            5 => this with { MaxNameBytes = count },
            6 => this with { MaxValueBytes = count },
            7 => this with { MaxRecords = count },
            8 => this with { MaxInFlight = count },
            9 => this with { MaxQuotas = count },
            10 => this with { HelloTimeout = time },
            11 => this with { IdleTimeout = time },
            12 => this with { SendTimeout = time },
            13 => this with { MaxConnections = count },
            _ => this,
        };
    }
}
