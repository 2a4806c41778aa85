using FastMixer.Engine;
using FastMixer.Engine.Snapshots;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;
using Microsoft.Extensions.Logging;

namespace FastMixer.Server.Configuration;

/// <summary>
/// Keeps an engine at what a folder says: a change that is valid as a whole goes live, one that is not changes nothing and is told. Reads,
/// checks and compiles on a thread of the pool, never on those that answer requests.
/// </summary>
public sealed class PolicyWatcher : IAsyncDisposable
{
    private readonly MixerEngine _engine;
    private readonly PolicyFolder _folder;
    private readonly WatchOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Settling _settling;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _watching;
    private readonly ReloadMeter _meter;
    private TaskCompletionSource _asked = NewAsked();
    private long _generation;
    private long _succeeded;
    private long _failed;
    private volatile PolicyStatus _status;

    /// <summary>Begins to watch.</summary>
    /// <param name="engine">The engine, at work with what was loaded.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="loaded">What the engine was started with.</param>
    /// <param name="options">How to watch.</param>
    /// <param name="logger">Is told of every reload.</param>
    /// <param name="time">The time to go by; null for the system's.</param>
    public PolicyWatcher(
        MixerEngine engine, PolicyFolder folder, PolicyLoad loaded, WatchOptions options, ILogger logger, TimeProvider? time = null)
    {
        _engine = engine;
        _folder = folder;
        _options = options;
        _logger = logger;
        _time = time ?? TimeProvider.System;
        _generation = engine.Current.Policy.Generation;
        _status = StatusOf(engine.Current.Policy, loaded);
        _settling = new Settling(loaded.Signature, options.MaxSettleTime, _time);
        _meter = new ReloadMeter(this);
        _engine.Retired += Tell;
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>The number of the configuration in force; it grows with each reload that succeeds.</summary>
    public long Generation => Interlocked.Read(ref _generation);

    /// <summary>Reloads that succeeded.</summary>
    public long Succeeded => Interlocked.Read(ref _succeeded);

    /// <summary>Reloads that failed.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Whether the folder holds something that is not in force, because it is not valid.</summary>
    public bool IsStale => _status.IsStale;

    /// <summary>How the policy stands.</summary>
    public PolicyStatus Status => _status;

    /// <summary>Asks for a reload now, whether the folder has changed or not. Returns at once.</summary>
    public void RequestReload() => Volatile.Read(ref _asked).TrySetResult();

    /// <summary>Ends watching; a reload under way ends first.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        _engine.Retired -= Tell;
        _meter.Dispose();
        _stopping.Dispose();
    }

    private static TaskCompletionSource NewAsked() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WatchAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            bool asked = await WaitAsync().ConfigureAwait(false);
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            if (asked || _settling.IsDue(_folder.ReadSignature()))
            {
                Reload();
            }
        }
    }

    // Until the next look, or until somebody asks: then true.
    private async Task<bool> WaitAsync()
    {
        Task asked = Volatile.Read(ref _asked).Task;
        TimeSpan interval = _options.Interval > TimeSpan.Zero ? _options.Interval : Timeout.InfiniteTimeSpan;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        await Task.WhenAny(asked, Task.Delay(interval, _time, waiting.Token)).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
        if (!asked.IsCompleted)
        {
            return false;
        }

        Volatile.Write(ref _asked, NewAsked());
        return true;
    }

    private void Reload()
    {
        try
        {
            long start = _time.GetTimestamp();
            PolicyLoad loaded = _folder.Load(Generation + 1);
            _settling.Apply(loaded.Signature);
            Tell(loaded.Problems);
            if (loaded.Policy is null)
            {
                Fail([.. loaded.Problems.Select(problem => problem.ToString())]);
                ConfigurationLog.Refused(_logger, _folder.Path, loaded.Errors, Generation);
                return;
            }

            ReplaceResult result = _engine.Replace(loaded.Policy);
            Interlocked.Increment(ref _generation);
            Interlocked.Increment(ref _succeeded);
            _status = StatusOf(loaded.Policy, loaded);
            ConfigurationLog.Replaced(
                _logger, Generation, loaded.Policy.Rules.Count, result.Kept, result.Created, result.Ended, (long)_time.GetElapsedTime(start).TotalMilliseconds);
        }
        catch (HandlerStartException exception)
        {
            Fail([exception.Message]);
            ConfigurationLog.HandlerNotStarted(_logger, exception.Message, Generation);
        }
#pragma warning disable CA1031 // Whatever goes wrong with a new configuration, the one in force stays, and the next change is seen.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail([exception.Message]);
            _settling.Apply(_folder.ReadSignature());
            ConfigurationLog.Faulted(_logger, _folder.Path, Generation, exception);
        }
    }

    private PolicyStatus StatusOf(Snapshot policy, PolicyLoad loaded) => new(
        _generation, policy.Digest, _time.GetUtcNow(), _folder.Path, IsStale: false, [.. loaded.Problems.Select(problem => problem.ToString())]);

    private void Fail(IReadOnlyList<string> problems)
    {
        Interlocked.Increment(ref _failed);
        _status = _status with { IsStale = true, Problems = problems };
    }

    private void Tell(RetiredConfiguration retired)
    {
        if (retired.TimedOut)
        {
            ConfigurationLog.DrainTimedOut(_logger, retired.Generation, MixerEngine.MaxDrainTime);
        }

        foreach (HandlerEndFailure failure in retired.Failures)
        {
            ConfigurationLog.HandlerNotEnded(_logger, failure.Handler, retired.Generation, failure.Cause);
        }
    }

    private void Tell(IReadOnlyList<Problem> problems)
    {
        foreach (Problem problem in problems)
        {
            if (problem.Severity == Severity.Error)
            {
                ConfigurationLog.Error(_logger, problem.ToString());
            }
            else
            {
                ConfigurationLog.Warning(_logger, problem.ToString());
            }
        }
    }
}
