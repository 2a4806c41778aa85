namespace FastMixer.LoadTest.Load;

/// <summary>How a target is driven, in each of its rounds.</summary>
internal sealed record RoundSettings
{
    /// <summary>The most requests in flight on a connection of an open loop: the default of the protocol's limit.</summary>
    public const int OpenLoopDepth = 1024;

    /// <summary>How many connections, a thread each.</summary>
    public required int Connections { get; init; }

    /// <summary>Requests in flight on a connection, or null for the default.</summary>
    public int? Depth { get; init; }

    /// <summary>Requests per second of an open loop; null means a closed loop.</summary>
    public double? Rate { get; init; }

    /// <summary>How long a round measures.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How long a round runs before it measures.</summary>
    public required TimeSpan Warmup { get; init; }

    /// <summary>How long to wait for an answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many rounds.</summary>
    public required int Rounds { get; init; }

    /// <summary>After how long an answer is of no use any more, or null: counted, beside being measured.</summary>
    public TimeSpan? Patience { get; init; }

    /// <summary>Requests in flight on a connection.</summary>
    public int EffectiveDepth => Depth ?? (Rate is null ? 1 : OpenLoopDepth);
}
