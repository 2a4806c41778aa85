using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FastMixer.Engine.Backends.Asking;

namespace FastMixer.Engine.Backends.Diagnostics;

/// <summary>How a check came to its answer.</summary>
internal enum CheckSource
{
    /// <summary>It was remembered.</summary>
    Cache,

    /// <summary>The backend was asked for it.</summary>
    Backend,

    /// <summary>Another check had asked the backend already.</summary>
    Coalesced,
}

/// <summary>What became of one attempt to ask a backend.</summary>
internal enum CallOutcome
{
    /// <summary>It answered.</summary>
    Answered,

    /// <summary>It did not in time.</summary>
    Timeout,

    /// <summary>It could not be reached, or answered nothing useful.</summary>
    Error,

    /// <summary>Nobody waited any more.</summary>
    Cancelled,
}

/// <summary>
/// What happens between one handler and its backend, as instruments of the meter <c>FastMixer.Backends</c> (spec/config.md, Metrics). Counting allocates
/// nothing, and costs next to nothing while nobody listens.
/// </summary>
internal sealed class BackendMeter : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "FastMixer.Backends";

    // One for the process, as is usual: handlers come and go, and their names tell them apart.
    private static readonly Meter Meter = new(Name);
    private static readonly ConcurrentDictionary<BackendMeter, byte> All = new();

    private static readonly Counter<long> Checks = Meter.CreateCounter<long>(
        "fastmixer.backend.checks", "{check}", "Checks by where their answer came from.");

    private static readonly Counter<long> Calls = Meter.CreateCounter<long>(
        "fastmixer.backend.calls", "{call}", "Attempts to ask a backend by what became of them.");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "fastmixer.backend.duration", "s", "How long attempts to ask a backend took.");

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "fastmixer.backend.failures", "{check}", "Checks that the backend did not answer, by the reason.");

    private static readonly Counter<long> Substituted = Meter.CreateCounter<long>(
        "fastmixer.backend.substitutes", "{check}", "Checks that were answered in place of the backend.");

    private static readonly string[] Sources = ["cache", "backend", "coalesced"];
    private static readonly string[] Outcomes = ["answered", "timeout", "error", "cancelled"];
    private static readonly string[] Reasons = ["error", "timeout", "breaker", "concurrency", "deadline", "ended"];
    private static readonly string[] Kinds = ["backend", "stale", "fallback", "none"];

    private readonly BackendHealth _health;
    private readonly KeyValuePair<string, object?> _handler;

    static BackendMeter()
    {
        Meter.CreateObservableGauge(
            "fastmixer.backend.breaker",
            () => Read(health => (int)health.Breaker),
            description: "The circuit breaker: 0 closed, 1 half open, 2 open.");
        Meter.CreateObservableGauge(
            "fastmixer.backend.answers",
            () => Read(health => (int)health.Source),
            description: "The worst of the last answers: 0 of the backend, 1 stale, 2 the fallback, 3 none.");
    }

    /// <summary>The instruments of a handler.</summary>
    /// <param name="handler">Its full name.</param>
    /// <param name="health">How its backend is.</param>
    public BackendMeter(string handler, BackendHealth health)
    {
        _health = health;
        _handler = KeyValuePair.Create<string, object?>("handler", handler);
        All.TryAdd(this, 0);
    }

    /// <summary>Counts checks by where their answer comes from.</summary>
    public void CountChecks(CheckSource source, int checks) => Count(Checks, "source", Sources[(int)source], checks);

    /// <summary>Counts an attempt.</summary>
    /// <param name="outcome">What became of it.</param>
    /// <param name="duration">How long it took.</param>
    public void CountCall(CallOutcome outcome, TimeSpan duration)
    {
        Count(Calls, "outcome", Outcomes[(int)outcome], 1);
        if (Duration.Enabled)
        {
            Duration.Record(duration.TotalSeconds, _handler, KeyValuePair.Create<string, object?>("outcome", Outcomes[(int)outcome]));
        }
    }

    /// <summary>Counts checks that the backend did not answer.</summary>
    public void CountFailures(FailureKind reason, int checks) => Count(Failures, "reason", Reasons[(int)reason], checks);

    /// <summary>Counts checks that were answered in its place.</summary>
    public void CountSubstitutes(AnswerSource kind, int checks) => Count(Substituted, "kind", Kinds[(int)kind], checks);

    /// <summary>Takes the handler out of what is read.</summary>
    public void Dispose() => All.TryRemove(this, out _);

    private void Count(Counter<long> counter, string tag, string value, int count)
    {
        if (counter.Enabled && count > 0)
        {
            counter.Add(count, _handler, KeyValuePair.Create<string, object?>(tag, value));
        }
    }

    private static IEnumerable<Measurement<int>> Read(Func<BackendHealth, int> read) =>
        All.Keys.Select(meter => new Measurement<int>(read(meter._health), meter._handler));
}
