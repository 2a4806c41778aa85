using FastMixer.Engine.Backends.Answers;
using FastMixer.Engine.Backends.Asking;
using FastMixer.Engine.Backends.Diagnostics;
using FastMixer.Engine.Checks;
using FastMixer.Policy.Rules;

namespace FastMixer.Engine.Backends.Flights;

/// <summary>
/// The questions to one backend that are on their way, one for each key however many wait for its answer: who joins, who gives up, how many fly at
/// once. Any thread may call any member. Its lock is held for a few steps; nothing that waits, and nothing of a handler or a caller, runs under it.
/// </summary>
/// <remarks>
/// Whoever joins shares what the backend says while it waits, also where the answer may not be reused: it was asked for while all of them waited.
/// </remarks>
internal sealed class FlightBoard : IAsyncDisposable
{
    private readonly Resilience _settings;
    private readonly AnswerCache _answers;
    private readonly BackendQuestion _question;
    private readonly Substitutes _substitutes;
    private readonly BackendMeter _meter;
    private readonly Lock _gate = new();
    private readonly FlightSet _flights = new();
    private readonly LinkedList<Flight> _queue = new();
    private readonly TaskCompletionSource _landed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FlightSweep _sweep;
    private int _flying;
    private bool _ended;

    /// <summary>A board without flights.</summary>
    public FlightBoard(
        Resilience settings, BackendClock clock, AnswerCache answers, BackendQuestion question, Substitutes substitutes, BackendMeter meter)
    {
        Clock = clock;
        _settings = settings;
        _answers = answers;
        _question = question;
        _substitutes = substitutes;
        _meter = meter;
        _sweep = new FlightSweep(this, clock.Time);
    }

    /// <summary>The handler's clock.</summary>
    public BackendClock Clock { get; }

    /// <summary>Waits for the answer to a question that is on its way, or sends it.</summary>
    /// <param name="room">Has the question's key.</param>
    /// <param name="instance">What is asked; copied before the call returns.</param>
    /// <param name="deadline">When the caller gives up.</param>
    /// <param name="isRenewal">Whether an answer that still holds is to be asked for anew.</param>
    public ValueTask<HandlerAnswer> JoinAsync(AnswerRoom room, InstanceValues instance, CheckDeadline deadline, bool isRenewal)
    {
        Boarding boarding;
        lock (_gate)
        {
            boarding = Board(room, instance, deadline, isRenewal);
        }

        if (boarding.Waiter is not { } waiter)
        {
            return new ValueTask<HandlerAnswer>(AnswerAtOnce(boarding));
        }

        ValueTask<HandlerAnswer> answered = waiter.Answered;
        if (boarding.IsFirst)
        {
            _sweep.Start();
        }

        _meter.CountChecks(boarding.IsFirst ? CheckSource.Backend : CheckSource.Coalesced, 1);
        if (boarding.TakingOff is { } flight)
        {
            TakeOff(flight);
        }

        return answered;
    }

    /// <summary>Sends a flight that has a place. Never fails; runs until the backend's answer must be waited for.</summary>
    public void TakeOff(Flight flight)
    {
        flight.NoteTakeOff();
        _ = FlyAsync(flight);
    }

    /// <summary>Ends every flight, and waits until all have landed.</summary>
    public async ValueTask DisposeAsync()
    {
        WaiterList waiting = default;
        List<Flight> flying = [];
        lock (_gate)
        {
            _ended = true;
            foreach (Flight flight in _flights)
            {
                waiting.AddAll(flight.TakeWaiters());
                flight.Abandon();
                flying.Add(flight);
            }

            _flights.Clear();
            _queue.Clear();
            NoteLandings();
        }

        Answer(waiting, BackendFailure.Over);
        flying.ForEach(flight => flight.Cancel());
        await _landed.Task.ConfigureAwait(false);
        await _sweep.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Looks after the flights: who gives up, what is late, and what nobody waits for any more.</summary>
    /// <returns>Whether there are still flights.</returns>
    internal bool Sweep()
    {
        var swept = new SweptFlights();
        bool any;
        lock (_gate)
        {
            foreach (Flight flight in _flights)
            {
                Inspect(flight, ref swept);
            }

            any = _flights.Count > 0;
        }

        Answer(swept.Late, BackendFailure.TooLate);
        Answer(swept.Grounded, BackendFailure.NeverFlew);
        Answer(swept.HelpedOut, failure: null);
        swept.Abandoned?.ForEach(flight => flight.Cancel());
        return any;
    }

    private Boarding Board(AnswerRoom room, InstanceValues instance, CheckDeadline deadline, bool isRenewal)
    {
        if (_ended)
        {
            return Boarding.Refused(BackendFailure.Over, null);
        }

        long now = Clock.Now;
        if (_flights.TryFind(room, out Flight? flight))
        {
            return flight.IsInBackground && flight.LastGood!.HelpsUntil > now
                ? Boarding.HelpedOut(flight.LastGood)
                : Boarding.Joined(Join(flight, deadline));
        }

        // The flight that the caller would have joined may have landed since it looked.
        LastGood? lastGood = null;
        if (_answers.TryGet(room, now, out RememberedAnswer remembered))
        {
            if (!isRenewal || !remembered.IsDue(now))
            {
                return Boarding.Answered(remembered);
            }

            lastGood = _answers.Keep(remembered);
        }

        lastGood ??= _answers.FindLastGood(room, now);
        bool isFree = _flying < _settings.MaxConcurrency;
        if (!isFree && _queue.Count >= _settings.MaxQueue)
        {
            return Boarding.Refused(BackendFailure.TooBusy, lastGood);
        }

        flight = Flight.Rent(this, room, instance, lastGood);
        _flights.Add(flight);
        _flying += isFree ? 1 : 0;
        if (!isFree)
        {
            _queue.AddLast(flight.Place);
        }

        return Boarding.Began(Join(flight, deadline), isFree ? flight : null);
    }

    private static Waiter Join(Flight flight, CheckDeadline deadline)
    {
        Waiter waiter = Waiter.Rent(deadline);
        flight.Add(waiter);
        return waiter;
    }

    private HandlerAnswer AnswerAtOnce(in Boarding boarding)
    {
        if (boarding.Refusal is { } refusal)
        {
            return _substitutes.For(refusal, boarding.LastGood, checks: 1);
        }

        if (boarding.LastGood is { } lastGood)
        {
            return _substitutes.ForLate(lastGood, checks: 1);
        }

        _meter.CountChecks(CheckSource.Cache, 1);
        return boarding.Known;
    }

    private async Task FlyAsync(Flight flight)
    {
        BackendOutcome outcome = await _question.AskAsync(flight).ConfigureAwait(false);
        Land(flight, outcome);
    }

    private void Land(Flight flight, in BackendOutcome outcome)
    {
        WaiterList waiters;
        Flight? next;
        lock (_gate)
        {
            // Before others can begin anew, so that they find it.
            if (outcome.Failure is null)
            {
                _answers.Store(flight.Room, outcome.Answer, Clock.Now);
            }

            _flights.Remove(flight);
            waiters = flight.TakeWaiters();
            next = TakeNext();
        }

        if (next is not null)
        {
            // Not from here: a backend that answers at once would let a long queue grow into a deep stack.
            ThreadPool.UnsafeQueueUserWorkItem(next, preferLocal: false);
        }

        HandlerAnswer answer = Conclude(flight, outcome, waiters.Count);
        flight.Return();
        waiters.AnswerAll(answer);
    }

    private HandlerAnswer Conclude(Flight flight, in BackendOutcome outcome, int checks)
    {
        if (outcome.Failure is null)
        {
            _substitutes.NoteAnswer();
            return new HandlerAnswer(outcome.Answer);
        }

        if (flight.IsAbandoned)
        {
            return HandlerAnswer.Failed(outcome.Failure.Message);
        }

        long now = Clock.Now;
        HandlerAnswer answer = _substitutes.For(outcome.Failure, flight.LastGood, checks);
        if (answer.Failure is null && !(flight.LastGood?.FreshUntil > now))
        {
            _answers.StoreSubstitute(flight.Room, answer.Result, now);
        }

        return answer;
    }

    // The place that has become free goes to the flight that has waited longest.
    private Flight? TakeNext()
    {
        if (_queue.First is { } first)
        {
            _queue.RemoveFirst();
            return first.Value;
        }

        _flying--;
        NoteLandings();
        return null;
    }

    private void NoteLandings()
    {
        if (_ended && _flying == 0)
        {
            _landed.TrySetResult();
        }
    }

    private void Inspect(Flight flight, ref SweptFlights swept)
    {
        TimeProvider time = Clock.Time;
        if (flight.EarliestDeadline.HasPassed(time))
        {
            flight.TakeLate(ref swept.Late);
        }

        if (_settings.Stale.StaleAfter <= flight.Age && !flight.IsInBackground && flight.LastGood?.HelpsUntil > Clock.Now)
        {
            swept.HelpedOut.AddAll(flight.ContinueInBackground());
        }

        bool isGrounded = flight.Place.List is not null && flight.Age >= _settings.Timeout;
        if (isGrounded)
        {
            swept.Grounded.AddAll(flight.TakeWaiters());
        }

        if (flight.WaiterCount == 0 && (isGrounded || !flight.IsInBackground))
        {
            GiveUp(flight, ref swept);
        }
    }

    private void GiveUp(Flight flight, ref SweptFlights swept)
    {
        _flights.Remove(flight);
        if (flight.Place.List is not null)
        {
            _queue.Remove(flight.Place);
            flight.Return();
        }
        else
        {
            flight.Abandon();
            (swept.Abandoned ??= []).Add(flight);
        }
    }

    // Without a failure, the flight is late, and goes on.
    private void Answer(WaiterList waiters, BackendFailure? failure)
    {
        while (waiters.Take() is { } waiter)
        {
            waiter.AnswerLater(failure is null
                ? _substitutes.ForLate(waiter.LastGood!, checks: 1)
                : _substitutes.For(failure, waiter.LastGood, checks: 1));
        }
    }
}
