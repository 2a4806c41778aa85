namespace FastMixer.Engine.Reports.Delivery;

/// <summary>
/// The time that one call of a handler may take: a token that is cancelled when it is over, or when all attempts are given up. Used for one call at a
/// time; only <see cref="GiveUp"/> may come from another thread. No allocation for calls that end in time.
/// </summary>
internal sealed class Attempt : IDisposable
{
    // Timers count whole milliseconds.
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(1);

    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private CancellationTokenSource _source = new();
    private long _began;
    private bool _running;
    private bool _givenUp;

    /// <summary>No call is under way.</summary>
    public Attempt(TimeProvider time, TimeSpan timeout)
    {
        _time = time;
        _timeout = timeout;
        _timer = time.CreateTimer(
            static state => ((Attempt)state!).CancelIfOver(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A call begins.</summary>
    /// <returns>Its token.</returns>
    public CancellationToken Begin()
    {
        lock (_gate)
        {
            if (_source.IsCancellationRequested && !_givenUp)
            {
                _source.Dispose();
                _source = new CancellationTokenSource();
            }

            _began = _time.GetTimestamp();
            _running = true;
            _timer.Change(_timeout, Timeout.InfiniteTimeSpan);
            return _source.Token;
        }
    }

    /// <summary>The call has ended.</summary>
    public void End()
    {
        lock (_gate)
        {
            _running = false;
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Cancels the call that is under way, and all that come.</summary>
    public void GiveUp()
    {
        lock (_gate)
        {
            _givenUp = true;
        }

        _source.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _source.Dispose();
    }

    // A timer may ring for a call that has ended, or a moment too early: then it is set again.
    private void CancelIfOver()
    {
        CancellationTokenSource source;
        lock (_gate)
        {
            if (!_running)
            {
                return;
            }

            TimeSpan left = _timeout - _time.GetElapsedTime(_began);
            if (left > TimeSpan.Zero)
            {
                _timer.Change(left > Soon ? left : Soon, Timeout.InfiniteTimeSpan);
                return;
            }

            source = _source;
        }

        source.Cancel();
    }
}
