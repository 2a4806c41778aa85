using Microsoft.Extensions.Logging;

namespace FastMixer.Engine.Backends.Diagnostics;

/// <summary>What the circuit breaker of a handler does. The numbers are those of the instrument <c>fastmixer.backend.breaker</c>.</summary>
internal enum BreakerState
{
    /// <summary>It lets all questions through.</summary>
    Closed = 0,

    /// <summary>It lets one through, to see whether the backend answers again.</summary>
    HalfOpen = 1,

    /// <summary>It lets none through.</summary>
    Open = 2,
}

/// <summary>Where a handler's answers come from. The numbers are those of the instrument <c>fastmixer.backend.answers</c>; a greater one is worse.</summary>
internal enum AnswerSource
{
    /// <summary>Its backend, or what that said not long ago.</summary>
    Backend = 0,

    /// <summary>Some are stale.</summary>
    Stale = 1,

    /// <summary>Some are the fallback.</summary>
    Fallback = 2,

    /// <summary>Some questions have no answer.</summary>
    None = 3,
}

/// <summary>
/// How one backend is, as its operator sees it: told in the log once per change, however many checks meet it. Any thread may call any member; while all
/// is well, an answer costs one read.
/// </summary>
/// <param name="handler">The handler's full name.</param>
/// <param name="time">The time to go by.</param>
/// <param name="logger">Where it is told.</param>
internal sealed class BackendHealth(string handler, TimeProvider time, ILogger logger)
{
    /// <summary>How long no answer may have been a substitute for a backend to count as well again: so that one that fails now and then is not told of each time.</summary>
    public static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private volatile AnswerSource _source;
    private volatile BreakerState _breaker;
    private bool _opened;
    private long _lastSubstitute;

    /// <summary>Where its answers come from: the worst of the last while.</summary>
    public AnswerSource Source => _source;

    /// <summary>What its circuit breaker does.</summary>
    public BreakerState Breaker => _breaker;

    /// <summary>Something else was answered than what the backend says.</summary>
    /// <param name="source">What.</param>
    /// <param name="reason">Why.</param>
    public void Substituted(AnswerSource source, string reason)
    {
        lock (_gate)
        {
            _lastSubstitute = time.GetTimestamp();
            if (source <= _source)
            {
                return;
            }

            _source = source;
        }

        switch (source)
        {
            case AnswerSource.Stale:
                BackendLog.ServingStale(logger, handler, reason);
                break;
            case AnswerSource.Fallback:
                BackendLog.ServingFallback(logger, handler, reason);
                break;
            default:
                BackendLog.Failing(logger, handler, reason);
                break;
        }
    }

    /// <summary>The backend has answered.</summary>
    public void Answered()
    {
        if (_source == AnswerSource.Backend)
        {
            return;
        }

        lock (_gate)
        {
            if (_source == AnswerSource.Backend || time.GetElapsedTime(_lastSubstitute) < QuietTime)
            {
                return;
            }

            _source = AnswerSource.Backend;
        }

        BackendLog.AnswersAgain(logger, handler);
    }

    /// <summary>The circuit breaker lets no question through any more. It is told once, until it closes: that it opens again after a trial is no news.</summary>
    /// <param name="cause">The last failure.</param>
    public void BreakerOpened(string cause)
    {
        _breaker = BreakerState.Open;
        if (!_opened)
        {
            _opened = true;
            BackendLog.BreakerOpened(logger, handler, cause);
        }
    }

    /// <summary>The circuit breaker lets one question through.</summary>
    public void BreakerHalfOpened() => _breaker = BreakerState.HalfOpen;

    /// <summary>The circuit breaker lets all questions through again.</summary>
    public void BreakerClosed()
    {
        _breaker = BreakerState.Closed;
        _opened = false;
        BackendLog.BreakerClosed(logger, handler);
    }
}
