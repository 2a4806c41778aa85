namespace FastMixer.Engine.Backends.Flights;

/// <summary>What was found when flights were looked after.</summary>
internal struct SweptFlights
{
    /// <summary>Those whose deadlines have passed.</summary>
    public WaiterList Late;

    /// <summary>Those whose flight waited for a free place until its time was over.</summary>
    public WaiterList Grounded;

    /// <summary>Those whose flight is late and goes on, while stale answers help out.</summary>
    public WaiterList HelpedOut;

    /// <summary>The flights that nobody waits for any more.</summary>
    public List<Flight>? Abandoned;
}

/// <summary>
/// One timer for all flights of a board, and all checks that wait for them: it runs while there are any. So a check that has a deadline costs no timer
/// of its own, and learns of it up to a period late.
/// </summary>
internal sealed class FlightSweep : IAsyncDisposable
{
    /// <summary>How often flights are looked after.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);

    private readonly FlightBoard _board;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private bool _runs;
    private bool _isWanted;

    /// <summary>A sweep that does not run yet.</summary>
    public FlightSweep(FlightBoard board, TimeProvider time)
    {
        _board = board;
        _timer = time.CreateTimer(static sweep => ((FlightSweep)sweep!).Run(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// Runs it from now on, until there are no flights. Not to be called under the board's lock, nor while a flight has yet to get its waiter: a clock may
    /// run what is due before it has set the timer, on this thread, and a lock does not hold up the thread that has it.
    /// </summary>
    public void Start()
    {
        lock (_gate)
        {
            _isWanted = true;
            if (!_runs)
            {
                _runs = true;
                _timer.Change(Period, Period);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Run()
    {
        lock (_gate)
        {
            _isWanted = false;
        }

        bool any = _board.Sweep();
        lock (_gate)
        {
            if (!any && !_isWanted)
            {
                _runs = false;
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
