using System.Diagnostics.Metrics;
using FastMixer.Engine.Checks;
using FastMixer.Engine.Diagnostics;
using FastMixer.Engine.Reports;
using FastMixer.Engine.Snapshots;
using FastMixer.Protocol.Attributes;
using Microsoft.Extensions.ObjectPool;

namespace FastMixer.Engine;

/// <summary>
/// What answers checks and delivers reports by a configuration, without knowing of sockets. All members may be called from any thread.
/// </summary>
public sealed class MixerEngine : IAsyncDisposable
{
    private readonly CheckPath _checks;
    private readonly LiveSnapshot _current;
    private readonly EngineMeter _meter;

    /// <summary>An engine at work.</summary>
    /// <param name="snapshot">The configuration; the engine ends its handlers.</param>
    /// <param name="reports">How many reports may wait.</param>
    public MixerEngine(LiveSnapshot snapshot, ReportOptions? reports = null)
    {
        _current = snapshot;
        _checks = new CheckPath(Counters);
        Reports = new ReportIntake(reports ?? new ReportOptions(), Counters);
        _meter = new EngineMeter(this);
        Calls = new DefaultObjectPoolProvider { MaximumRetained = 1024 }.Create(new CallPolicy(this));
    }

    /// <summary>The configuration in force.</summary>
    public LiveSnapshot Current => _current;

    /// <summary>What requests are decoded with under the configuration in force.</summary>
    public AttributeSelection Selection => Current.Selection;

    /// <summary>What happened.</summary>
    public EngineCounters Counters { get; } = new();

    /// <summary>How often each rule failed, by its full name; rules that never did are left out. Allocates.</summary>
    public IReadOnlyDictionary<string, RuleErrorCounts> RuleErrors => Counters.RuleErrors(Current.Policy);

    /// <summary>Where reports go.</summary>
    public ReportIntake Reports { get; }

    /// <summary>Room for checks; whoever takes a call gives it back when its verdict is written.</summary>
    public ObjectPool<CheckCall> Calls { get; }

    /// <summary>Answers a check whose request has been read.</summary>
    /// <param name="call">The call; must not be touched until the task completes.</param>
    /// <returns>Completed already, without allocation, if every handler answered from memory. Never fails.</returns>
    public ValueTask CheckAsync(CheckCall call) => _checks.AnswerAsync(call);

    /// <summary>Delivers what reports wait, and ends the handlers.</summary>
    public async ValueTask DisposeAsync()
    {
        _meter.Dispose();
        await Reports.DisposeAsync().ConfigureAwait(false);
        await Current.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Whether a meter is this engine's; several may live in one process.</summary>
    internal bool Owns(Meter meter) => _meter.Is(meter);

    private sealed class CallPolicy(MixerEngine engine) : PooledObjectPolicy<CheckCall>
    {
        public override CheckCall Create() => new(engine.Current);

        public override bool Return(CheckCall obj) => true;
    }
}
