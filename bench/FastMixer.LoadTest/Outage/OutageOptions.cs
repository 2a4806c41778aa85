using FastMixer.LoadTest.Backend;

namespace FastMixer.LoadTest.Outage;

/// <summary>What the experiment is told. One scale makes all its times shorter.</summary>
internal sealed record OutageOptions
{
    /// <summary>How long the whole run is.</summary>
    public required TimeSpan Length { get; init; }

    /// <summary>When the outage begins.</summary>
    public required TimeSpan Begin { get; init; }

    /// <summary>How long it is.</summary>
    public required TimeSpan Outage { get; init; }

    /// <summary>What the backend does meanwhile.</summary>
    public required OutageManner Manner { get; init; }

    /// <summary>Checks a second, on each side.</summary>
    public required double Rate { get; init; }

    /// <summary>How long callers wait, on each side.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>How long the backend takes.</summary>
    public required TimeSpan Delay { get; init; }

    /// <summary>Which share of requests the backend answers well while it is up.</summary>
    public required double Availability { get; init; }

    /// <summary>How long the backend's answers may be reused.</summary>
    public required TimeSpan MaxAge { get; init; }

    /// <summary>How many keys are repeated.</summary>
    public required int Keys { get; init; }

    /// <summary>Which share of checks has one of them.</summary>
    public required double Share { get; init; }

    /// <summary>When the outage ends.</summary>
    public TimeSpan End => Begin + Outage;
}
