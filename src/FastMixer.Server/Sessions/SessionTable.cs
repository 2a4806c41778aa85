using FastMixer.Server.Diagnostics;

namespace FastMixer.Server.Sessions;

/// <summary>
/// The open connections of a server: how many there may be, the clock that watches their times, and how they are drained. Any thread may call.
/// </summary>
internal sealed class SessionTable : IAsyncDisposable
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(1);

    private readonly ServerContext _context;
    private readonly HashSet<StreamSession> _sessions = [];
    private readonly Lock _gate = new();
    private readonly ITimer _sweeper;
    private TaskCompletionSource? _emptied;
    private bool _draining;
    private int _announcing;

    /// <summary>An empty table.</summary>
    public SessionTable(ServerContext context)
    {
        _context = context;
        _sweeper = context.Time.CreateTimer(static state => ((SessionTable)state!).Sweep(), this, SweepPeriod, SweepPeriod);
    }

    /// <summary>How many connections are open.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _sessions.Count;
            }
        }
    }

    /// <summary>Takes a session in, unless there are too many or the server stops.</summary>
    public bool TryAdd(StreamSession session)
    {
        lock (_gate)
        {
            return !_draining && _sessions.Count < _context.Limits.MaxConnections && _sessions.Add(session);
        }
    }

    /// <summary>Lets a session go that has ended.</summary>
    public void Remove(StreamSession session)
    {
        TaskCompletionSource? emptied = null;
        lock (_gate)
        {
            _sessions.Remove(session);
            if (_sessions.Count == 0)
            {
                emptied = _emptied;
            }
        }

        emptied?.TrySetResult();
    }

    /// <summary>
    /// Tells the clients that asked for it of another policy, on a thread of the pool: whoever put it into force is not held up. One thread at a time does so,
    /// and tells what is in force by then, so changes that come faster are told as one.
    /// </summary>
    public void AnnouncePolicy()
    {
        if (Interlocked.Increment(ref _announcing) == 1)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static table => table.Announce(), this, preferLocal: false);
        }
    }

    /// <summary>Tells all clients to leave, and closes those that are still there when the grace is over.</summary>
    /// <param name="grace">How long they have.</param>
    public async Task DrainAsync(TimeSpan grace)
    {
        (StreamSession[] open, Task emptied) = BeginDrain();
        if (open.Length == 0)
        {
            return;
        }

        ServerLog.Draining(_context.Logger, open.Length, grace);
        foreach (StreamSession session in open)
        {
            // A client that takes nothing would not take this either, and is not waited for.
            _ = session.GoAwayAsync(grace);
        }

        if (await IsOverWithinAsync(emptied, grace).ConfigureAwait(false))
        {
            return;
        }

        StreamSession[] late = Snapshot();
        ServerLog.DrainExpired(_context.Logger, late.Length);
        foreach (StreamSession session in late)
        {
            session.StopReading(CloseReason.Drained);
        }

        if (!await IsOverWithinAsync(emptied, SweepPeriod).ConfigureAwait(false))
        {
            foreach (StreamSession session in Snapshot())
            {
                session.Abort(CloseReason.Drained);
            }
        }
    }

    /// <summary>Ends the watch.</summary>
    public ValueTask DisposeAsync() => _sweeper.DisposeAsync();

    private (StreamSession[] Open, Task Emptied) BeginDrain()
    {
        lock (_gate)
        {
            _draining = true;
            _emptied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return ([.. _sessions], _emptied.Task);
        }
    }

    private async Task<bool> IsOverWithinAsync(Task emptied, TimeSpan time)
    {
        try
        {
            await emptied.WaitAsync(time, _context.Time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private StreamSession[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _sessions];
        }
    }

    // Asked for once more meanwhile, it goes round once more: the sessions it came to first may have heard of the policy before only.
    private void Announce()
    {
        int asked;
        do
        {
            asked = Volatile.Read(ref _announcing);
            foreach (StreamSession session in Snapshot())
            {
                session.AnnouncePolicy();
            }
        }
        while (Interlocked.CompareExchange(ref _announcing, 0, asked) != asked);
    }

    private void Sweep()
    {
        foreach (StreamSession session in Snapshot())
        {
            session.CheckDeadlines();
        }
    }
}
