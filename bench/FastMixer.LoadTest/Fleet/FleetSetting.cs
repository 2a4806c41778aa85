namespace FastMixer.LoadTest.Fleet;

/// <summary>How large a fleet is, and how it is asked.</summary>
internal sealed record FleetSetting
{
    /// <summary>How many servers there are.</summary>
    public const int Servers = 4;

    /// <summary>How many sidecars ask them.</summary>
    public required int Sidecars { get; init; }

    /// <summary>Checks a second, of all sidecars together.</summary>
    public required double Rate { get; init; }

    /// <summary>How long the load lasts.</summary>
    public required TimeSpan Length { get; init; }

    /// <summary>How long a check may take, with all the servers that are tried.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>How many different requests there are.</summary>
    public required int Keys { get; init; }

    /// <summary>The exponent of their popularity: the request of rank r is asked in proportion to 1 / r^exponent.</summary>
    public required double Zipf { get; init; }

    /// <summary>How many verdicts each server keeps.</summary>
    public required int CacheEntries { get; init; }
}
