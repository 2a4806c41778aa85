using FastMixer.Engine.Backends.Answers;
using FastMixer.Engine.Backends.Diagnostics;
using FastMixer.Engine.Checks;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Rules;

namespace FastMixer.Engine.Backends.Asking;

/// <summary>
/// What is answered in place of a backend that fails: its last answer, while that holds or may help out, then the fallback, and else that it failed.
/// Any thread may call any member.
/// </summary>
internal sealed class Substitutes
{
    private readonly Resilience _settings;
    private readonly BackendClock _clock;
    private readonly BackendHealth _health;
    private readonly BackendMeter _meter;
    private readonly CheckResult? _fallback;

    /// <summary>The substitutes of a handler.</summary>
    public Substitutes(Resilience settings, BackendClock clock, BackendHealth health, BackendMeter meter)
    {
        _settings = settings;
        _clock = clock;
        _health = health;
        _meter = meter;
        _fallback = settings.Fallback is { } fallback
            ? CheckResult.Create(fallback.Status, fallback.Message, settings.Reuse, CheckResult.DefaultValidUseCount)
            : null;
    }

    /// <summary>What is answered after a failure.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="lastGood">What may help out.</param>
    /// <param name="checks">How many checks are answered so.</param>
    public HandlerAnswer For(BackendFailure failure, LastGood? lastGood, int checks)
    {
        _meter.CountFailures(failure.Kind, checks);
        long now = _clock.Now;
        if (lastGood?.FreshUntil > now)
        {
            return new HandlerAnswer(lastGood.Result with { ValidDuration = TimeSpan.FromMilliseconds(lastGood.FreshUntil - now) });
        }

        if (lastGood?.HelpsUntil > now)
        {
            return Serve(Stale(lastGood, now), AnswerSource.Stale, failure, checks);
        }

        if (_fallback is { } fallback)
        {
            return Serve(fallback, AnswerSource.Fallback, failure, checks);
        }

        Note(AnswerSource.None, failure);
        return HandlerAnswer.Failed(failure.Message);
    }

    /// <summary>What is answered while a question is late and goes on.</summary>
    /// <param name="lastGood">What helps out.</param>
    /// <param name="checks">How many checks are answered so.</param>
    public HandlerAnswer ForLate(LastGood lastGood, int checks)
    {
        _meter.CountSubstitutes(AnswerSource.Stale, checks);
        _health.Substituted(AnswerSource.Stale, "its backend is slow");
        return new HandlerAnswer(Stale(lastGood, _clock.Now));
    }

    /// <summary>The backend has answered.</summary>
    public void NoteAnswer() => _health.Answered();

    private HandlerAnswer Serve(in CheckResult answer, AnswerSource source, BackendFailure failure, int checks)
    {
        _meter.CountSubstitutes(source, checks);
        Note(source, failure);
        return new HandlerAnswer(answer);
    }

    // That a check is in a hurry, or comes too late, says nothing of the backend.
    private void Note(AnswerSource source, BackendFailure failure)
    {
        if (failure.Kind is not (FailureKind.Deadline or FailureKind.Ended))
        {
            _health.Substituted(source, failure.Message);
        }
    }

    private CheckResult Stale(LastGood lastGood, long now)
    {
        var left = TimeSpan.FromMilliseconds(Math.Max(lastGood.HelpsUntil - now, 0));
        return lastGood.Result with { ValidDuration = left < _settings.Reuse ? left : _settings.Reuse };
    }
}
