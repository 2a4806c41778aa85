using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using FastMixer.Client.Calls;
using FastMixer.Client.Timing;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Channels;

/// <summary>
/// One connection to a server, stream or datagram: the calls in flight on it, their timeouts, and its end. Calls can be made before it is
/// connected; they leave once it is. Thread-safe; nothing is called out to while a lock is held.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Close, which every connection meets once, gives everything back.")]
internal abstract class Channel
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<Welcome> _welcomed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PendingCall> _expired = [];
    private readonly ITimer _sweepTimer;
    private readonly long _timeout;
    private Socket? _socket;
    private Welcome? _welcome;
    private ChannelFault? _fault;
    private ulong _policy;
    private int _announcements;
    private bool _isGoingAway;
    private int _sweepArmed;

    protected Channel(ClientContext context)
    {
        Context = context;
        Calls = new PendingCalls(context.Options.MaxInFlight);
        _timeout = context.ToTimestamps(context.Options.Timeout);
        _sweepTimer = context.Clock.CreateStoppedTimer(Sweep);
    }

    /// <summary>What the client's connections share.</summary>
    public ClientContext Context { get; }

    /// <summary>The calls in flight.</summary>
    public PendingCalls Calls { get; }

    /// <summary>What the server said when it welcomed; null before.</summary>
    public Welcome? Welcome => Volatile.Read(ref _welcome);

    /// <summary>Completes with the welcome, or fails with the connection.</summary>
    public Task<Welcome> Welcomed => _welcomed.Task;

    /// <summary>Completes when nothing of the connection runs any more.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Why it ended; null while it has not.</summary>
    public ChannelFault? Fault => Volatile.Read(ref _fault);

    /// <summary>Whether it has ended.</summary>
    public bool IsClosed => Fault is not null;

    /// <summary>The digest of the policy that the server was last heard to run; 0 if it has not told.</summary>
    public ulong Policy => Volatile.Read(ref _policy);

    /// <summary>Whether the server has said that it stops.</summary>
    public bool IsGoingAway => Volatile.Read(ref _isGoingAway);

    /// <summary>How many changes of the policy the server has announced.</summary>
    protected int Announcements => Volatile.Read(ref _announcements);

    /// <summary>The connected socket; null before.</summary>
    protected Socket? Socket => Volatile.Read(ref _socket);

    /// <summary>How often calls are looked through for those that have waited too long.</summary>
    protected virtual TimeSpan SweepPeriod
    {
        get
        {
            TimeSpan period = Context.Options.Timeout / 16;
            TimeSpan most = TimeSpan.FromMilliseconds(100);
            TimeSpan least = TimeSpan.FromMilliseconds(1);
            return period > most ? most : period < least ? least : period;
        }
    }

    /// <summary>Whether a sweep is needed although no call waits.</summary>
    protected virtual bool NeedsSweep => false;

    /// <summary>Begins to connect, on the thread pool.</summary>
    /// <param name="delay">The pause before.</param>
    public void Start(TimeSpan delay)
    {
        // The pause begins now, however long the pool takes.
        Task pause = delay > TimeSpan.Zero ? Task.Delay(delay, Context.Clock, _stop.Token) : Task.CompletedTask;
        ThreadPool.UnsafeQueueUserWorkItem(static start => start.Channel.Run(start.Pause), (Channel: this, Pause: pause), preferLocal: false);
    }

    /// <summary>Ends the connection, and fails the calls in flight. Only the first time counts.</summary>
    /// <param name="fault">Why.</param>
    public void Close(ChannelFault fault)
    {
        if (Interlocked.CompareExchange(ref _fault, fault, null) is not null)
        {
            return;
        }

        if (!fault.IsWanted)
        {
            Context.Counters.AddConnectionLost();
            if (Welcome is null)
            {
                Context.Backoff.Fail(fault);
            }
        }

        // Once it is closed no socket is taken any more, so without one nothing has left.
        Socket? socket;
        lock (_lock)
        {
            socket = _socket;
        }

        Context.Observer?.OnEnded(this, fault);
        List<PendingCall> calls = [];
        Calls.Close(calls);
        foreach (PendingCall call in calls)
        {
            MixerUnavailableException problem = fault.ToException();
            problem.Reason = socket is null ? MixerFailure.NotSent : MixerFailure.Other;
            call.Fail(problem);
        }

        if (_welcomed.TrySetException(fault.ToConnectException()))
        {
            // Nobody may be waiting: what is looked at is not reported as unobserved.
            _ = _welcomed.Task.Exception;
        }

        _sweepTimer.Dispose();
        _stop.Cancel();
        CloseSocket(socket);
    }

    /// <summary>Told before the connecting begins.</summary>
    protected virtual void OnConnecting()
    {
    }

    /// <summary>Sends what waits, and receives until the connection ends.</summary>
    /// <param name="socket">Connected.</param>
    protected abstract Task ServeAsync(Socket socket);

    /// <summary>Why the connection ends, after an exception of its socket.</summary>
    /// <param name="cause">The exception.</param>
    protected abstract ChannelFault Describe(Exception cause);

    /// <summary>Ends the connection towards the server, and with it what waits for the socket; called once.</summary>
    /// <param name="socket">The socket; null if there is none yet.</param>
    protected abstract void CloseSocket(Socket? socket);

    /// <summary>Looks after what is not a call's timeout.</summary>
    /// <param name="now">The time.</param>
    protected virtual void OnSweep(long now)
    {
    }

    /// <summary>The exception of a call that has waited long enough.</summary>
    /// <param name="call">The call.</param>
    protected virtual MixerException TimeoutException(PendingCall call) => new MixerTimeoutException(
        $"No answer from {Context.Options.Server} to request {call.Id} within "
        + $"{Context.Clock.GetElapsedTime(call.Started, call.Deadline).TotalMilliseconds:0.###} ms"
        + (Welcome is null && Context.Options.Server.IsStream ? ": the connection is not made yet." : "."));

    /// <summary>Puts a call into the table, with its deadline.</summary>
    /// <param name="call">The call.</param>
    /// <returns>False if it does not wait there: it failed, or (with <see cref="AddResult.Closed"/>) another connection must take it.</returns>
    protected AddResult Add(PendingCall call)
    {
        call.Started = Context.Clock.GetTimestamp();
        call.Announcements = Announcements;
        call.Deadline = call.Started + (call.Patience > 0 ? call.Patience : _timeout);
        AddResult result = Calls.TryAdd(call);
        if (result == AddResult.Added)
        {
            ArmSweep();
        }
        else if (result == AddResult.Full)
        {
            call.Fail(new MixerException(
                $"{Context.Options.MaxInFlight} requests to {Context.Options.Server} wait for answers, as many as MaxInFlight allows: "
                + "wait for some, or raise it.")
            {
                Reason = MixerFailure.TooManyInFlight,
            });
        }

        return result;
    }

    /// <summary>Makes sure that a sweep comes.</summary>
    protected void ArmSweep()
    {
        if (Volatile.Read(ref _sweepArmed) == 0 && Interlocked.Exchange(ref _sweepArmed, 1) == 0)
        {
            _sweepTimer.Change(SweepPeriod, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Notes that the server has welcomed this client.</summary>
    /// <param name="welcome">What it said.</param>
    protected void AcceptWelcome(Welcome welcome)
    {
        if (Welcome is null)
        {
            Context.Counters.AddConnection();
            Context.Backoff.Succeed();
        }

        Volatile.Write(ref _welcome, welcome);
        _welcomed.TrySetResult(welcome);
        Context.Observer?.OnWelcomed(this, welcome);
    }

    /// <summary>Notes that the server has announced a policy. By the thread that receives.</summary>
    /// <param name="policy">Its digest.</param>
    protected void AcceptAnnouncement(ulong policy)
    {
        Volatile.Write(ref _announcements, _announcements + 1);
        AcceptPolicy(policy);
    }

    /// <summary>Notes which policy the server runs. By the thread that receives.</summary>
    /// <param name="policy">Its digest, or 0 if it does not tell.</param>
    protected void AcceptPolicy(ulong policy)
    {
        Volatile.Write(ref _policy, policy);
        if (!IsGoingAway)
        {
            // Of a server that leaves, its own verdicts tell; the next one speaks for the client.
            Context.NotePolicy(policy);
        }
    }

    /// <summary>Notes that the server stops.</summary>
    protected void AcceptGoingAway()
    {
        Volatile.Write(ref _isGoingAway, true);
        Context.Observer?.OnGoingAway(this);
    }

    private async void Run(Task pause)
    {
        try
        {
            await pause.ConfigureAwait(false);
            OnConnecting();
            using Socket socket = await SocketDialer.ConnectAsync(Context.Options.Server, _stop.Token).ConfigureAwait(false);
            if (TryUse(socket))
            {
                await ServeAsync(socket).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The connection was closed meanwhile, by one who has said why.
        }
        catch (Exception exception)
        {
            // Mostly the socket's. Whatever else goes wrong here must not end the process, nor leave calls without an end.
            Close(Describe(exception));
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    // The lock decides between this and Close: one of the two sees the other, and the socket does not stay open.
    private bool TryUse(Socket socket)
    {
        lock (_lock)
        {
            if (!IsClosed)
            {
                Volatile.Write(ref _socket, socket);
            }

            return !IsClosed;
        }
    }

    // Runs alone: the timer fires once, and is armed again by the sweep itself or by whoever turns the flag.
    private void Sweep()
    {
        long now = Context.Clock.GetTimestamp();
        Calls.TakeExpired(now, _expired);
        foreach (PendingCall call in _expired)
        {
            Context.Counters.AddTimeout();
            call.Fail(TimeoutException(call));
        }

        _expired.Clear();
        OnSweep(now);
        Interlocked.Exchange(ref _sweepArmed, 0);
        if (!IsClosed && (Calls.Count > 0 || NeedsSweep))
        {
            ArmSweep();
        }
    }
}
