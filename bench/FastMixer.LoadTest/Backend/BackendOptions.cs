using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest.Backend;

/// <summary>How a backend behaves.</summary>
internal sealed record BackendOptions
{
    /// <summary>Where the policies of the experiments expect it.</summary>
    public const string StandardAddress = "tcp://127.0.0.1:9381";

    /// <summary>Where it listens.</summary>
    public required ServerAddress Listen { get; init; }

    /// <summary>How long it takes for an answer.</summary>
    public required TimeSpan Delay { get; init; }

    /// <summary>Which share of the requests it answers well, 0 to 1; the others it answers with 503, after the same time.</summary>
    public double Availability { get; init; } = 1;

    /// <summary>When it is down.</summary>
    public OutageSchedule Outages { get; init; } = OutageSchedule.None;

    /// <summary>How it is down.</summary>
    public OutageManner Manner { get; init; }

    /// <summary>How long an answer may be reused, as cache-control says it, in whole seconds; zero says no-store.</summary>
    public TimeSpan MaxAge { get; init; }

    /// <summary>What the failures are drawn by: the same ones in each run.</summary>
    public int Seed { get; init; } = 1;
}
