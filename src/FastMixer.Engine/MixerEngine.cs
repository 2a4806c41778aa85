using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FastMixer.Engine.Checks;
using FastMixer.Engine.Diagnostics;
using FastMixer.Engine.Reports;
using FastMixer.Engine.Snapshots;
using FastMixer.Engine.Verdicts;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;
using Microsoft.Extensions.ObjectPool;

namespace FastMixer.Engine;

/// <summary>
/// What answers checks and delivers reports by a configuration, without knowing of sockets. All members may be called from any thread.
/// </summary>
public sealed class MixerEngine : IAsyncDisposable
{
    /// <summary>How long what has begun on a configuration may take after it was replaced; then its handlers are ended all the same.</summary>
    public static readonly TimeSpan MaxDrainTime = TimeSpan.FromMinutes(1);

    /// <summary>How long a handler may take to end; then it is not waited for any more.</summary>
    public static readonly TimeSpan MaxEndTime = TimeSpan.FromSeconds(10);

    /// <summary>How long, of that, it may take to bring to a handler what reports wait for it; what is left then is dropped.</summary>
    public static readonly TimeSpan MaxReportDrainTime = TimeSpan.FromSeconds(5);

    private readonly CheckPath _checks;
    private readonly VerdictCache? _verdicts;
    private readonly VerdictRenewals? _renewals;
    private readonly VerdictPath? _verdictPath;
    private readonly EngineMeter _meter;
    private readonly Lock _replacing = new();
    private readonly ConcurrentDictionary<Task, byte> _retirements = new();
    private readonly CancellationTokenSource _stopping = new();
    private LiveSnapshot _current;
    private bool _disposed;

    /// <summary>An engine at work.</summary>
    /// <param name="snapshot">The configuration to begin with; the engine ends its handlers.</param>
    /// <param name="reports">How many reports may wait.</param>
    /// <param name="verdicts">How many verdicts are kept; null for none.</param>
    public MixerEngine(LiveSnapshot snapshot, ReportOptions? reports = null, VerdictCacheOptions? verdicts = null)
    {
        _current = snapshot;
        _checks = new CheckPath(Counters);
        if (verdicts is not null)
        {
            _verdicts = new VerdictCache(verdicts, snapshot.Services.Time);
            _renewals = new VerdictRenewals(this, _checks, _verdicts);
            _verdictPath = new VerdictPath(_checks, _verdicts, _renewals);
            snapshot.Verdicts = _verdicts.Adopt(snapshot.Policy, before: null);
        }

        Reports = new ReportIntake(reports ?? new ReportOptions(), Counters, new ReportFaults(snapshot.Services.Loggers, "the intake of reports"));
        _meter = new EngineMeter(this);
        if (_verdicts is not null)
        {
            _meter.Add(_verdicts);
        }

        Calls = new DefaultObjectPoolProvider { MaximumRetained = 1024 }.Create(new CallPolicy(this));
    }

    /// <summary>Raised on a thread of the pool when nothing is answered by a replaced configuration any more and its handlers have ended. Must not throw.</summary>
    public event Action<RetiredConfiguration>? Retired;

    /// <summary>
    /// Raised when another policy has come into force, not where the same was loaded again. Holds up whoever replaced it, so it must be quick; must not throw.
    /// </summary>
    public event Action? PolicyChanged;

    /// <summary>The configuration in force. To use its handlers, take a lease.</summary>
    public LiveSnapshot Current => Volatile.Read(ref _current);

    /// <summary>What requests are decoded with under the configuration in force.</summary>
    public AttributeSelection Selection => Current.Selection;

    /// <summary>What happened.</summary>
    public EngineCounters Counters { get; } = new();

    /// <summary>How often each rule failed, by its full name; rules that never did are left out. Allocates.</summary>
    public IReadOnlyDictionary<string, RuleErrorCounts> RuleErrors => Counters.RuleErrors(Current.Policy);

    /// <summary>What the cache of verdicts did; null where none are kept. Allocates.</summary>
    public VerdictCacheStatistics? VerdictStatistics => _verdicts is null ? null : VerdictCacheStatistics.Of(_verdicts, Current.Verdicts!);

    /// <summary>Where reports go.</summary>
    public ReportIntake Reports { get; }

    /// <summary>Room for checks; whoever takes a call gives it back when its verdict is written.</summary>
    public ObjectPool<CheckCall> Calls { get; }

    /// <summary>Takes a lease of the configuration in force. No allocation, no lock.</summary>
    public SnapshotLease Lease()
    {
        while (true)
        {
            // Counted first and asked again then: whoever replaces the configuration sees either the count, or that nobody stays with it.
            LiveSnapshot snapshot = Current;
            int stripe = snapshot.Enter();
            if (snapshot == Current)
            {
                return new SnapshotLease(snapshot, stripe);
            }

            snapshot.Leave(stripe);
        }
    }

    /// <summary>Answers a check whose request has been read.</summary>
    /// <param name="call">The call; must not be touched until the task completes. Its lease is given back by then.</param>
    /// <returns>Completed already, without allocation, if every handler answered from memory. Never fails.</returns>
    public ValueTask CheckAsync(CheckCall call) => _verdictPath is null ? _checks.AnswerAsync(call) : _verdictPath.AnswerAsync(call);

    /// <summary>
    /// Puts another configuration in force. Handlers of which nothing changed go on with their state; requests and reports that have begun finish
    /// on the old configuration, whose other handlers end after them, at the latest <see cref="MaxDrainTime"/> later. Blocks other calls of this method only.
    /// </summary>
    /// <param name="policy">The configuration, compiled with the adapters of the one in force.</param>
    /// <returns>What became of the handlers.</returns>
    /// <exception cref="HandlerStartException">A handler could not be made. Nothing has changed.</exception>
    /// <exception cref="ObjectDisposedException">The engine is disposed. Nothing has changed.</exception>
    public ReplaceResult Replace(Snapshot policy)
    {
        lock (_replacing)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            LiveSnapshot old = Current;
            LiveSnapshot next = old.StartNext(policy);
            next.Verdicts = _verdicts?.Adopt(policy, old.Verdicts);
            next.Edition = policy.Digest == old.Policy.Digest ? old.Edition : old.Edition + 1;
            Interlocked.Exchange(ref _current, next);
            int kept = next.CountSharedWith(old);
            var result = new ReplaceResult(kept, next.Handlers.Count - kept, old.Handlers.Count - kept);
            Counters.CountReplaced(result);
            Counters.Absorb(old.Policy);
            Retire(old);
            if (next.Edition != old.Edition)
            {
                PolicyChanged?.Invoke();
            }

            return result;
        }
    }

    /// <summary>Delivers what reports wait, and ends the handlers.</summary>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    /// <summary>Delivers what reports wait, and ends the handlers, as <see cref="DisposeAsync"/> does.</summary>
    /// <returns>The handlers that did not end well, such as those to which not everything could be delivered; none if the engine is disposed already.</returns>
    public async Task<IReadOnlyList<HandlerEndFailure>> StopAsync()
    {
        lock (_replacing)
        {
            if (_disposed)
            {
                return [];
            }

            _disposed = true;
        }

        await Reports.DisposeAsync().ConfigureAwait(false);
        if (_renewals is not null)
        {
            await _renewals.DisposeAsync().ConfigureAwait(false);
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_retirements.Keys).ConfigureAwait(false);
        EndedHandlers ended = await Current.EndHandlersAsync().ConfigureAwait(false);
        _meter.Dispose();
        _stopping.Dispose();
        return ended.Failures;
    }

    /// <summary>Whether a meter is this engine's; several may live in one process.</summary>
    internal bool Owns(Meter meter) => _meter.Is(meter);

    private void Retire(LiveSnapshot old)
    {
        Task retirement = Task.Run(() => RetireAsync(old));
        _retirements.TryAdd(retirement, 0);
        retirement.ContinueWith(done => _retirements.TryRemove(done, out _), TaskScheduler.Default);
    }

    private async Task RetireAsync(LiveSnapshot old)
    {
        RetiredConfiguration retired = await Retirement.RunAsync(old, this, _stopping.Token).ConfigureAwait(false);
        Retired?.Invoke(retired);
    }

    private sealed class CallPolicy(MixerEngine engine) : PooledObjectPolicy<CheckCall>
    {
        public override CheckCall Create() => new(engine.Selection);

        public override bool Return(CheckCall obj)
        {
            obj.Release();
            return true;
        }
    }
}
