using FastMixer.Protocol.Messages;

namespace FastMixer.Policy.Rules;

/// <summary>
/// How the engine deals with the backend of a handler that may be slow or down (spec/config.md, Backends that are slow or down). Immutable; the
/// defaults are those of a handler that says nothing.
/// </summary>
public sealed record Resilience
{
    /// <summary>How long a question may take as a whole: its wait for a free place, every attempt and every pause.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many questions may be on their way to the backend at once.</summary>
    public int MaxConcurrency { get; init; } = 128;

    /// <summary>How many questions may wait for a free place beyond these; others fail at once.</summary>
    public int MaxQueue { get; init; } = 1024;

    /// <summary>How often is asked again.</summary>
    public RetrySettings Retry { get; init; } = new();

    /// <summary>When the backend is left alone for a while.</summary>
    public BreakerSettings CircuitBreaker { get; init; } = new();

    /// <summary>How answers that are out of date help out.</summary>
    public StaleSettings Stale { get; init; } = new();

    /// <summary>What is answered where the backend has failed and no stale answer helps out; null leaves it to <see cref="ErrorPolicy"/>.</summary>
    public FallbackAnswer? Fallback { get; init; }

    /// <summary>How long a stale answer or a fallback may be reused.</summary>
    public TimeSpan Reuse { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many answers are remembered at most.</summary>
    public int CacheEntries { get; init; } = 32 * 1024;

    /// <summary>How much memory their keys and values may take, in bytes.</summary>
    public long CacheBytes { get; init; } = 8 * 1024 * 1024;
}

/// <summary>How often a backend is asked again after a failure, as far as the time for the question goes.</summary>
public sealed record RetrySettings
{
    /// <summary>How often, at most; 0 for never.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>How long one attempt may take; null for as long as the question may.</summary>
    public TimeSpan? PerTryTimeout { get; init; }

    /// <summary>The pause before the first of them; each further one is twice as long. A random part of up to half of it is left out.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>The longest pause.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromMilliseconds(250);
}

/// <summary>When a backend is left alone for a while, because it fails too often.</summary>
public sealed record BreakerSettings
{
    /// <summary>The part of its calls that fail, above 0 to 1.</summary>
    public double FailureRatio { get; init; } = 0.5;

    /// <summary>How many calls there must be within <see cref="SamplingDuration"/> for the ratio to count.</summary>
    public int MinimumThroughput { get; init; } = 20;

    /// <summary>The time over which calls are counted.</summary>
    public TimeSpan SamplingDuration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long it is left alone; then one call tries whether it answers again.</summary>
    public TimeSpan BreakDuration { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>How answers that may not be reused any more help out.</summary>
public sealed record StaleSettings
{
    /// <summary>How long after its end an answer may help out; zero for never.</summary>
    public TimeSpan MaxAge { get; init; }

    /// <summary>After how long without an answer of the backend it helps out, while the question goes on; null to wait for the failure.</summary>
    public TimeSpan? StaleAfter { get; init; }
}

/// <summary>What is answered in place of a backend.</summary>
/// <param name="Status">Whether the request is allowed.</param>
/// <param name="Message">Why not; empty if it is allowed.</param>
public sealed record FallbackAnswer(StatusCode Status, string Message)
{
    /// <summary>The request is allowed.</summary>
    public static FallbackAnswer Open { get; } = new(StatusCode.Ok, "");

    /// <summary>The request is denied.</summary>
    public static FallbackAnswer Closed { get; } = new(StatusCode.PermissionDenied, "the backend does not answer");
}
