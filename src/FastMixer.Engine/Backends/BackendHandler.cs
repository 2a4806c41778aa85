using FastMixer.Engine.Backends.Answers;
using FastMixer.Engine.Backends.Asking;
using FastMixer.Engine.Backends.Diagnostics;
using FastMixer.Engine.Backends.Flights;
using FastMixer.Engine.Checks;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Rules;

namespace FastMixer.Engine.Backends;

/// <summary>
/// A handler's backend as checks see it: what it said not long ago is remembered, one question for each instance is on its way however many wait for
/// its answer, and a backend that is slow or down is masked as its operator chose. Any thread may call any member.
/// </summary>
internal sealed class BackendHandler : IAsyncDisposable
{
    private readonly BackendClock _clock;
    private readonly AnswerCache _answers;
    private readonly Substitutes _substitutes;
    private readonly FlightBoard _flights;
    private readonly BackendMeter _meter;

    /// <summary>Stands before a backend.</summary>
    /// <param name="backend">The backend; not disposed with this.</param>
    /// <param name="definition">The handler's name and resilience.</param>
    /// <param name="services">What handlers share.</param>
    public BackendHandler(ICheckBackend backend, HandlerDefinition definition, HandlerServices services)
    {
        Resilience settings = definition.Resilience;
        _clock = new BackendClock(services.Time);
        _answers = new AnswerCache(settings);
        Health = new BackendHealth(definition.FullName, services.Time, services.Loggers.CreateLogger(BackendLog.Category));
        _meter = new BackendMeter(definition.FullName, Health);
        _substitutes = new Substitutes(settings, _clock, Health, _meter);
        var question = new BackendQuestion(backend, settings, services.Time, Health, _meter);
        _flights = new FlightBoard(settings, _clock, _answers, question, _substitutes, _meter);
    }

    /// <summary>How the backend is.</summary>
    public BackendHealth Health { get; }

    /// <summary>Answers one check.</summary>
    /// <param name="instance">The instance's fields; copied before the call returns.</param>
    /// <param name="deadline">When the check waits no more.</param>
    /// <param name="isRenewal">
    /// Whether nobody waits for the answer, but it is to be newer: the backend is asked also where an answer still holds, unless that is young.
    /// </param>
    /// <param name="room">Room for the question, and for the message of an answer that is given at once.</param>
    /// <returns>
    /// Completed already, without allocation, if an answer still holds; the message of an answer that is given at once may lie in the room. Never fails;
    /// to be awaited once.
    /// </returns>
    public ValueTask<HandlerAnswer> AskAsync(InstanceValues instance, CheckDeadline deadline, bool isRenewal, AnswerRoom room)
    {
        room.SetKey(instance);
        long now = _clock.Now;
        if (_answers.TryGet(room, now, out RememberedAnswer remembered) && !(isRenewal && remembered.IsDue(now)))
        {
            _meter.CountChecks(CheckSource.Cache, 1);
            return new ValueTask<HandlerAnswer>(new HandlerAnswer(remembered.Result));
        }

        return deadline.HasPassed(_clock.Time)
            ? new ValueTask<HandlerAnswer>(_substitutes.For(BackendFailure.TooLate, _answers.FindLastGood(room, now), checks: 1))
            : _flights.JoinAsync(room, instance, deadline, isRenewal);
    }

    /// <summary>Ends the questions that are on their way, and waits for them. The backend may be disposed then.</summary>
    public async ValueTask DisposeAsync()
    {
        await _flights.DisposeAsync().ConfigureAwait(false);
        _meter.Dispose();
    }
}
