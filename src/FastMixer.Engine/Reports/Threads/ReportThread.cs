namespace FastMixer.Engine.Reports.Threads;

/// <summary>
/// A thread of one worker's own that gives way to the threads which answer checks. It is made when there is first something to do, and waits while
/// there is nothing. Any thread may call.
/// </summary>
internal sealed class ReportThread
{
    // Nobody works; somebody does; the same or about to, and has been called meanwhile.
    private const int Idle = 0;
    private const int Working = 1;
    private const int Called = 2;

    private readonly Func<bool> _work;
    private readonly Action<Exception> _failed;
    private readonly string _name;
    private readonly object _gate = new();
    private Thread? _thread;
    private bool _ended;
    private int _state;

    /// <summary>No thread yet.</summary>
    /// <param name="name">What debuggers call it.</param>
    /// <param name="work">Does what there is to do; returns whether there is more to do at once.</param>
    /// <param name="failed">
    /// Told what the work has thrown, or why there can be no thread: it is tried again when it is called for again. Must not throw, nor wait.
    /// </param>
    public ReportThread(string name, Func<bool> work, Action<Exception> failed)
    {
        _name = name;
        _work = work;
        _failed = failed;
    }

    /// <summary>Sees to it that the work is done, after everything that the caller has done before. No allocation once it has begun. Does not throw.</summary>
    public void Wake()
    {
        // A full barrier: pairs with those in Run, so that either the work begins after the call, or it is done once more.
        if (Interlocked.Exchange(ref _state, Called) == Idle)
        {
            lock (_gate)
            {
                if (_thread is null && !_ended)
                {
                    Begin();
                }

                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>Does no more work; one that is under way is finished.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Begin()
    {
        var thread = new Thread(Run) { IsBackground = true, Name = _name, Priority = ThreadPriority.Lowest };
        try
        {
            // What the caller's requests carry is no business of a thread that outlives them.
            thread.UnsafeStart();
            _thread = thread;
        }
        catch (OutOfMemoryException exception)
        {
            // The system gives no more threads: whoever calls next tries again.
            Volatile.Write(ref _state, Idle);
            _failed(exception);
        }
    }

    private void Run()
    {
        LowPriority.Apply();
        while (WaitUntilCalled())
        {
            do
            {
                Interlocked.Exchange(ref _state, Working);
            }
            while (TryWork() || Interlocked.CompareExchange(ref _state, Idle, Working) != Working);
        }
    }

    // An exception that leaves a thread ends the process.
    private bool TryWork()
    {
        try
        {
            return _work();
        }
#pragma warning disable CA1031 // See above.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _failed(exception);
            return false;
        }
    }

    private bool WaitUntilCalled()
    {
        lock (_gate)
        {
            while (!_ended && Volatile.Read(ref _state) == Idle)
            {
                Monitor.Wait(_gate);
            }

            return !_ended;
        }
    }
}
