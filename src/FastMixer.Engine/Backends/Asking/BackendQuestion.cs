using FastMixer.Engine.Backends.Diagnostics;
using FastMixer.Engine.Backends.Flights;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Language;
using FastMixer.Policy.Rules;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace FastMixer.Engine.Backends.Asking;

/// <summary>
/// Asks a backend under its resilience: retries, about a circuit breaker, about the time for each attempt. Never fails: a failure is an outcome. What
/// limits how many are asked at once is the <see cref="FlightBoard"/>.
/// </summary>
internal sealed class BackendQuestion
{
    private static readonly ResiliencePropertyKey<Flight> FlightKey = new("FastMixer.Flight");

    private readonly ICheckBackend _backend;
    private readonly Resilience _settings;
    private readonly TimeProvider _time;
    private readonly BackendMeter _meter;
    private readonly ResiliencePipeline<CheckResult> _pipeline;

    /// <summary>Prepares to ask.</summary>
    /// <param name="backend">Who is asked.</param>
    /// <param name="settings">Its resilience.</param>
    /// <param name="time">The time to go by.</param>
    /// <param name="health">Is told what the circuit breaker does.</param>
    /// <param name="meter">Is told of every attempt.</param>
    public BackendQuestion(ICheckBackend backend, Resilience settings, TimeProvider time, BackendHealth health, BackendMeter meter)
    {
        _backend = backend;
        _settings = settings;
        _time = time;
        _meter = meter;
        var builder = new ResiliencePipelineBuilder<CheckResult> { TimeProvider = time };
        if (settings.Retry.Attempts > 0)
        {
            builder.AddRetry(Retry());
        }

        _pipeline = builder.AddCircuitBreaker(Breaker(settings.CircuitBreaker, health)).AddTimeout(TimeForOneAttempt()).Build();
    }

    /// <summary>Asks.</summary>
    /// <param name="flight">The question.</param>
    public async ValueTask<BackendOutcome> AskAsync(Flight flight)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, flight.CancellationToken);
        context.Properties.Set(FlightKey, flight);
        try
        {
            Outcome<CheckResult> outcome = await _pipeline
                .ExecuteOutcomeAsync(static (context, asked) => asked.By.TryAsync(asked.Flight, context.CancellationToken), context, (By: this, Flight: flight))
                .ConfigureAwait(false);
            return outcome.Exception is { } failure ? new BackendOutcome(default, Describe(failure)) : new BackendOutcome(outcome.Result, null);
        }
#pragma warning disable CA1031 // Whatever goes wrong, those that wait get an answer.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new BackendOutcome(default, Describe(exception));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<Outcome<CheckResult>> TryAsync(Flight flight, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        try
        {
            CheckResult answer = await AskOnceAsync(flight, cancellationToken).ConfigureAwait(false);
            _meter.CountCall(CallOutcome.Answered, _time.GetElapsedTime(start));
            return Outcome.FromResult(answer);
        }
#pragma warning disable CA1031 // Whatever an adapter throws, its backend did not answer.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            CallOutcome outcome = flight.IsAbandoned ? CallOutcome.Cancelled
                : cancellationToken.IsCancellationRequested ? CallOutcome.Timeout
                : CallOutcome.Error;
            _meter.CountCall(outcome, _time.GetElapsedTime(start));
            return Outcome.FromException<CheckResult>(exception);
        }
    }

    // An adapter that does not hear that its time is over is left alone with its question.
    private async ValueTask<CheckResult> AskOnceAsync(Flight flight, CancellationToken cancellationToken)
    {
        ValueTask<CheckResult> asking = _backend.AskAsync(flight.Instance, cancellationToken);
        if (asking.IsCompleted)
        {
            return await asking.ConfigureAwait(false);
        }

        Task<CheckResult> task = asking.AsTask();
        try
        {
            return await task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!task.IsCompleted)
            {
                flight.NoteOutlived();
                _ = task.ContinueWith(
                    static late => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            }
        }
    }

    private RetryStrategyOptions<CheckResult> Retry() => new()
    {
        MaxRetryAttempts = _settings.Retry.Attempts,
        ShouldHandle = args =>
        {
            Flight flight = FlightOf(args.Context);
            bool mayHelp = args.Outcome.Exception is not (null or BrokenCircuitException) && !flight.IsAbandoned;
            TimeSpan pause = LongestPause(args.AttemptNumber);
            return new ValueTask<bool>(mayHelp && _settings.Timeout - flight.Flown > pause && flight.Patience > pause);
        },
        DelayGenerator = args => new ValueTask<TimeSpan?>(LongestPause(args.AttemptNumber) * Jitter()),
    };

    private static CircuitBreakerStrategyOptions<CheckResult> Breaker(BreakerSettings settings, BackendHealth health) => new()
    {
        FailureRatio = settings.FailureRatio,
        MinimumThroughput = settings.MinimumThroughput,
        SamplingDuration = settings.SamplingDuration,
        BreakDuration = settings.BreakDuration,
        ShouldHandle = static args => new ValueTask<bool>(args.Outcome.Exception is not null && !FlightOf(args.Context).IsAbandoned),
        OnOpened = args =>
        {
            health.BreakerOpened(args.Outcome.Exception is { } cause ? Describe(cause).Message : "");
            return default;
        },
        OnHalfOpened = _ =>
        {
            health.BreakerHalfOpened();
            return default;
        },
        OnClosed = _ =>
        {
            health.BreakerClosed();
            return default;
        },
    };

    // Whoever joins later may wait longer, so the deadlines of those that wait do not end an attempt. A time of zero or less would be none at all.
    private TimeoutStrategyOptions TimeForOneAttempt() => new()
    {
        TimeoutGenerator = args =>
        {
            TimeSpan left = _settings.Timeout - FlightOf(args.Context).Flown;
            TimeSpan most = _settings.Retry.PerTryTimeout ?? _settings.Timeout;
            TimeSpan time = left < most ? left : most;
            return new ValueTask<TimeSpan>(time > TimeSpan.FromMilliseconds(1) ? time : TimeSpan.FromMilliseconds(1));
        },
    };

    private TimeSpan LongestPause(int attempt)
    {
        TimeSpan pause = _settings.Retry.Backoff * Math.Pow(2, attempt);
        return pause < _settings.Retry.MaxBackoff ? pause : _settings.Retry.MaxBackoff;
    }

    // So that many who failed together do not come again together.
#pragma warning disable CA5394 // Nothing secret.
    private static double Jitter() => 0.5 + (Random.Shared.NextDouble() / 2);
#pragma warning restore CA5394

    private static Flight FlightOf(ResilienceContext context) => context.Properties.GetValue(FlightKey, null!);

    private static BackendFailure Describe(Exception exception) => exception switch
    {
        TimeoutRejectedException timeout => new BackendFailure(
            FailureKind.Timeout, $"its backend did not answer within {DurationText.Format(timeout.Timeout.Ticks * TimeSpan.NanosecondsPerTick)}"),
        BrokenCircuitException => new BackendFailure(FailureKind.Breaker, "its backend has failed too often and is left alone for a while"),
        _ => new BackendFailure(FailureKind.Error, exception.Message),
    };
}
