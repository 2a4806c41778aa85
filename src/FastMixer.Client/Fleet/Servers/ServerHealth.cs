using FastMixer.Client.Fleet.Counts;
using FastMixer.Client.Timing;

namespace FastMixer.Client.Fleet.Servers;

/// <summary>
/// Whether one server is asked, by what is observed: it goes out when its connection is lost, when it says that it stops, or after failures in a row, and comes back when
/// a probe is answered; the pauses between probes grow. Thread-safe; what the way of a check reads takes no lock.
/// </summary>
internal sealed class ServerHealth : IDisposable
{
    // A server that comes back begins with this share of its weight.
    private const double FirstShare = 0.1;

    private readonly Lock _lock = new();
    private readonly FleetContext _fleet;
    private readonly string _address;
    private readonly Func<ValueTask> _probe;
    private readonly ITimer _timer;
    private readonly long _slowStart;
    private readonly long _probation;
    private volatile ServerState _state;
    private int _failures;
    private int _outs;
    private long _outSince;
    private long _cameBack;
    private long _warmFrom;
    private bool _isCold;
    private bool _isDisposed;

    /// <summary>A server that is in.</summary>
    /// <param name="fleet">What the servers share.</param>
    /// <param name="address">For logs.</param>
    /// <param name="probe">Completes when the server answers; fails when it does not.</param>
    public ServerHealth(FleetContext fleet, string address, Func<ValueTask> probe)
    {
        _fleet = fleet;
        _address = address;
        _probe = probe;
        _slowStart = fleet.ToTimestamps(fleet.Options.SlowStart);
        _probation = fleet.ToTimestamps(fleet.Options.MaxEjectionTime);
        _timer = fleet.Clock.CreateStoppedTimer(Probe);
    }

    /// <summary>Whether it is in, out, or about to stop.</summary>
    public ServerState State => _state;

    /// <summary>Whether checks go to it.</summary>
    public bool IsIn => _state == ServerState.In;

    /// <summary>The share of its weight that it has: all, but for one that came back a short time ago.</summary>
    /// <param name="now">The time, as a timestamp.</param>
    public double ShareAt(long now)
    {
        long from = Volatile.Read(ref _warmFrom);
        return from == 0 || now - from >= _slowStart ? 1 : Math.Max(FirstShare, (double)(now - from) / _slowStart);
    }

    /// <summary>Notes an answer.</summary>
    /// <param name="asked">When it was asked for, as a timestamp.</param>
    public void NoteAnswer(long asked)
    {
        if (Volatile.Read(ref _failures) != 0)
        {
            Volatile.Write(ref _failures, 0);
        }

        if (_state == ServerState.Out && asked - Volatile.Read(ref _outSince) > 0)
        {
            // Nobody else was left to ask, and it has answered.
            ComeBack();
        }
    }

    /// <summary>Notes a failure; enough of them in a row, and it goes out.</summary>
    /// <param name="problem">What was wrong.</param>
    public void NoteFailure(MixerException problem)
    {
        if (IsIn && Interlocked.Increment(ref _failures) >= _fleet.Options.EjectAfter)
        {
            GoOut(ServerState.Out, $"{_fleet.Options.EjectAfter} failures in a row, the last: {problem.Message}", isCold: true, atOnce: false);
        }
    }

    /// <summary>Notes that its connection is lost, or can't be made.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="wasConnected">Whether there was a connection: then it is tried again at once.</param>
    public void NoteLost(string reason, bool wasConnected) => GoOut(ServerState.Out, reason, isCold: false, atOnce: wasConnected);

    /// <summary>Notes that it has said that it stops.</summary>
    public void NoteLeaving() => GoOut(ServerState.Leaving, "it is going away", isCold: false, atOnce: false);

    /// <summary>Notes that another process answers at its address, whose caches are empty.</summary>
    public void NoteNewProcess()
    {
        lock (_lock)
        {
            _isCold = true;
        }
    }

    /// <summary>Ends the probes.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _state = ServerState.Removed;
        }

        _timer.Dispose();
    }

    private void GoOut(ServerState state, string reason, bool isCold, bool atOnce)
    {
        lock (_lock)
        {
            if (_isDisposed || _state != ServerState.In)
            {
                return;
            }

            long now = _fleet.Clock.GetTimestamp();
            _outs = _cameBack != 0 && now - _cameBack < _probation ? _outs + 1 : 0;
            _isCold |= isCold;
            Volatile.Write(ref _outSince, now);
            _state = state;
            _timer.Change(atOnce && _outs == 0 ? TimeSpan.Zero : NextPause(), Timeout.InfiniteTimeSpan);
        }

        _fleet.Counters.Add(FleetCounter.Ejections);
        FleetLog.ServerOut(_fleet.Logger, _address, reason);
    }

    private void ComeBack()
    {
        bool isSlow;
        lock (_lock)
        {
            if (_isDisposed || _state == ServerState.In)
            {
                return;
            }

            isSlow = _isCold && _slowStart > 0;
            _cameBack = Math.Max(_fleet.Clock.GetTimestamp(), 1);
            Volatile.Write(ref _warmFrom, isSlow ? _cameBack : 0);
            Volatile.Write(ref _failures, 0);
            _isCold = false;
            _state = ServerState.In;
        }

        FleetLog.ServerIn(_fleet.Logger, _address, isSlow ? _fleet.Options.SlowStart : TimeSpan.Zero);
    }

    private async void Probe()
    {
        bool isThere = false;
        try
        {
            await _probe().ConfigureAwait(false);
            isThere = true;
        }
        catch (Exception exception) when (exception is MixerException or ObjectDisposedException)
        {
            // That is an answer too: it stays out.
            _fleet.Counters.Add(FleetCounter.FailedProbes);
        }

        if (isThere)
        {
            ComeBack();
        }
        else
        {
            ProbeLater();
        }
    }

    private void ProbeLater()
    {
        lock (_lock)
        {
            if (!_isDisposed && _state != ServerState.In)
            {
                _outs++;
                _timer.Change(NextPause(), Timeout.InfiniteTimeSpan);
            }
        }
    }

    private TimeSpan NextPause() => Pauses.Next(_outs, _fleet.Options.EjectionTime, _fleet.Options.MaxEjectionTime);
}

/// <summary>Whether a server is asked.</summary>
public enum ServerState
{
    /// <summary>Checks go to it.</summary>
    In,

    /// <summary>It is left out until a probe is answered.</summary>
    Out,

    /// <summary>It has said that it stops, and is left out until a probe of another connection is answered.</summary>
    Leaving,

    /// <summary>It is no longer among the addresses.</summary>
    Removed,
}
