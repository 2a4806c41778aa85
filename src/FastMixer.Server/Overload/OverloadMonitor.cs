using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace FastMixer.Server.Overload;

/// <summary>
/// Whether a server has more to do than it can do in time: measures how late the threads that poll its sockets are while requests come, and knows how many
/// queues, those of these threads and those of single connections, are standing ones. Without requests it does nothing. Any thread may call.
/// </summary>
internal sealed class OverloadMonitor : IDisposable
{
    private const int ProbesPerInterval = 10;

    private readonly LoopQueue[] _loops;
    private readonly Lock _watching = new();
    private ProbedQueue[] _watched;
    private readonly ITimer _timer;
    private readonly TimeSpan _period;
    private readonly ILogger _logger;
    private long _shedChecks;
    private long _shedReports;
    private int _standing;
    private int _running;
    private volatile bool _isActive;

    /// <summary>A monitor at work. To be made before other sockets are used, so that each polling thread gets a probe of its own.</summary>
    /// <param name="options">When load is shed.</param>
    /// <param name="pollingThreads">How many threads poll sockets.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told when shedding begins and ends.</param>
    public OverloadMonitor(OverloadOptions options, int pollingThreads, TimeProvider time, ILogger logger)
    {
        Options = options;
        Time = time;
        _logger = logger;
        _period = Max(options.Interval / ProbesPerInterval, TimeSpan.FromMilliseconds(1));
        _loops = options.IsEnabled ? [.. Enumerable.Range(0, pollingThreads).Select(_ => new LoopQueue(this))] : [];
        _watched = [.. _loops];
        _timer = time.CreateTimer(static state => ((OverloadMonitor)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>When load is shed.</summary>
    public OverloadOptions Options { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>How many queues are standing ones, of polling threads and of connections; 0 when nothing is shed.</summary>
    public int Standing => Volatile.Read(ref _standing);

    /// <summary>Checks that were refused.</summary>
    public long ShedChecks => Interlocked.Read(ref _shedChecks);

    /// <summary>Reports that were refused.</summary>
    public long ShedReports => Interlocked.Read(ref _shedReports);

    /// <summary>How late the latest of the polling threads is.</summary>
    public TimeSpan Delay
    {
        get
        {
            long now = Time.GetTimestamp();
            return _loops.Length == 0 ? TimeSpan.Zero : Time.GetElapsedTime(0, _loops.Max(loop => loop.Delay(now)));
        }
    }

    /// <summary>Notes that there is work, so that something is measured. A few nanoseconds.</summary>
    public void NoteActivity()
    {
        if (!_isActive)
        {
            Wake();
        }
    }

    /// <summary>Measures the datagrams that wait at a socket, too.</summary>
    /// <param name="socket">A bound socket.</param>
    /// <returns>The queue, to be given back by <see cref="Unwatch"/>; null if nothing is shed.</returns>
    public DatagramQueue? Watch(Socket socket)
    {
        if (!Options.IsEnabled)
        {
            return null;
        }

        var queue = new DatagramQueue(this, socket);
        lock (_watching)
        {
            Volatile.Write(ref _watched, [.. _watched, queue]);
        }

        return queue;
    }

    /// <summary>Ends the measurement of a queue.</summary>
    public void Unwatch(DatagramQueue queue)
    {
        lock (_watching)
        {
            Volatile.Write(ref _watched, [.. _watched.Where(watched => watched != queue)]);
        }

        queue.Dispose();
    }

    /// <summary>Whether a polling thread is so late that what it serves is to be shed.</summary>
    /// <param name="now">The moment.</param>
    public bool Sheds(long now)
    {
        foreach (LoopQueue loop in _loops)
        {
            if (loop.Sheds(now))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Notes that a queue has become a standing one, or is none any more. The log is told of the first and of the last.</summary>
    /// <param name="isStanding">Which of both.</param>
    public void NoteChange(bool isStanding)
    {
        int standing = isStanding ? Interlocked.Increment(ref _standing) : Interlocked.Decrement(ref _standing);
        if (isStanding && standing == 1)
        {
            ServerLog.OverloadBegan(_logger, Options.Target, Options.Interval);
        }
        else if (!isStanding && standing == 0)
        {
            ServerLog.OverloadEnded(_logger, ShedChecks, ShedReports);
        }
    }

    /// <summary>Counts a refused check.</summary>
    public void CountShedCheck() => Interlocked.Increment(ref _shedChecks);

    /// <summary>Counts a refused report.</summary>
    public void CountShedReport() => Interlocked.Increment(ref _shedReports);

    /// <summary>Ends the measurement.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        foreach (LoopQueue loop in _loops)
        {
            loop.Dispose();
        }
    }

    private static TimeSpan Max(TimeSpan first, TimeSpan second) => first > second ? first : second;

    private void Wake()
    {
        _isActive = true;
        if (_loops.Length > 0 && Interlocked.CompareExchange(ref _running, 1, 0) == 0)
        {
            _timer.Change(_period, _period);
        }
    }

    // Probes come at moments that have nothing to do with the work: one that followed upon a request would wait for it each time.
    private void Tick()
    {
        ProbedQueue[] watched = Volatile.Read(ref _watched);
        if (!_isActive && !Array.Exists(watched, static queue => queue.IsStanding))
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Volatile.Write(ref _running, 0);
            return;
        }

        _isActive = false;
        foreach (ProbedQueue queue in watched)
        {
            queue.Look();
        }
    }
}
