using FastMixer.LoadTest.Load;

namespace FastMixer.LoadTest.Experiments;

/// <summary>What an overload found.</summary>
internal sealed record OverloadResult
{
    /// <summary>How the capacity was measured.</summary>
    public required RoundSettings Load { get; init; }

    /// <summary>After how long a verdict was of no use any more.</summary>
    public required TimeSpan Patience { get; init; }

    /// <summary>Where processes ran.</summary>
    public required string Placement { get; init; }

    /// <summary>What a closed loop got out of the server, in checks a second: the median of its rounds.</summary>
    public required double Capacity { get; init; }

    /// <summary>The loads that were put on it, in their order.</summary>
    public required IReadOnlyList<OverloadStep> Steps { get; init; }
}
