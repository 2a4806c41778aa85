using System.Diagnostics;
using System.Net.Sockets;
using FastMixer.LoadTest.Transport;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Load;

/// <summary>
/// Drives one connection from one thread of its own, with blocking calls on buffers made beforehand: nothing between the system call
/// and the timestamp but this code. Allocates nothing while it measures, unless the server answers with errors.
/// </summary>
internal abstract class Worker
{
    private readonly CheckTemplate _check;
    private readonly bool _ordered;
    private readonly long _timeout;
    private readonly CancellationToken _cancellation;
    private KeySequence _keys;
    private long _nextSweep;
    private long _allocatedBefore = -1;

    /// <summary>Prepares a worker for a connection that has had its welcome.</summary>
    protected Worker(Connection connection, Target target, Window window, WorkerSettings settings)
    {
        Connection = connection;
        Window = window;
        InFlight = new InFlight(settings.Depth);
        _check = target.Check;
        _ordered = target.IsFloor;
        _timeout = Window.Ticks(settings.Timeout);
        _keys = new KeySequence(target.Check.Keys, settings.Number + 1);
        _cancellation = settings.Cancellation;
    }

    /// <summary>What it saw.</summary>
    public Measurement Measurement { get; } = new();

    /// <summary>Why it broke off; null if it did not. Read it after the thread has ended, or as a hint before.</summary>
    public LoadTestException? Failure { get; private set; }

    /// <summary>The connection.</summary>
    protected Connection Connection { get; }

    /// <summary>When the round measures.</summary>
    protected Window Window { get; }

    /// <summary>The requests that wait for an answer.</summary>
    protected InFlight InFlight { get; }

    /// <summary>Whether to go on.</summary>
    protected bool Continues(long now) => now < Window.End && !_cancellation.IsCancellationRequested;

    /// <summary>The body of the thread.</summary>
    public void Run()
    {
        try
        {
            Rehearse();
            _nextSweep = Stopwatch.GetTimestamp() + _timeout;
            Loop();
            Measurement.AllocatedBytes = _allocatedBefore < 0 ? 0 : GC.GetAllocatedBytesForCurrentThread() - _allocatedBefore;
            Drain();
        }
        catch (LoadTestException e)
        {
            var last = Measurement.FirstError is { } error ? $"; the first error it sent: {error}" : "";
            Failure = new LoadTestException(e.Message + last);
        }
        catch (SocketException e)
        {
            Failure = new LoadTestException($"the connection to {Connection.Address} broke: {e.Message}");
        }
        finally
        {
            Connection.Dispose();
        }
    }

    /// <summary>Sends and receives until the window ends.</summary>
    protected abstract void Loop();

    /// <summary>Whether an answer to a request begun at <paramref name="since"/> that came at <paramref name="now"/> counts.</summary>
    protected abstract bool Counts(long since, long now);

    /// <summary>Queues one more request.</summary>
    /// <param name="since">From when on its latency counts.</param>
    /// <param name="now">When it is sent.</param>
    protected void Enqueue(long since, long now) =>
        _check.Write(Connection.Enqueue(_check.Length), InFlight.Add(since, now), _keys.Next());

    /// <summary>Takes every answer that has come in.</summary>
    protected void TakeAnswers(long now)
    {
        while (Connection.TryTake(out var body))
        {
            if (!AnswerHead.TryRead(body, out var head))
            {
                throw Unexpected(body);
            }

            if (head.Kind is not MessageKind.Verdict)
            {
                TakeOther(head, body);
            }
            else if (_ordered ? InFlight.TryEndOldest(out var since) : InFlight.TryEnd(head.Id, out since))
            {
                Measurement.CountAnswer();
                if (Counts(since, now))
                {
                    Measurement.RecordVerdict(now - since, head.Status, body.Length);
                }
            }
        }
    }

    /// <summary>Gives up requests that are overdue, and notes the start of the window. Call it each turn.</summary>
    protected void Tick(long now)
    {
        if (_allocatedBefore < 0 && now >= Window.Start)
        {
            _allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        }

        if (now >= _nextSweep)
        {
            Sweep(now);
        }
    }

    // The warm-up records nothing; what the runtime loads at a first call is not to be loaded within the window.
    private static void Rehearse()
    {
        var rehearsal = new Measurement();
        rehearsal.RecordVerdict(ticks: 1, status: 0, bytes: 1);
        rehearsal.RecordLateness(ticks: 1);
    }

    private void Sweep(long now)
    {
        _nextSweep = now + (_timeout / 4);
        var overdue = InFlight.DropOlder(now - _timeout);
        if (overdue == 0)
        {
            return;
        }

        if (Connection.Address.Framed)
        {
            throw new LoadTestException(
                $"the server at {Connection.Address} did not answer a check within {(double)_timeout / Stopwatch.Frequency:0.###} s");
        }

        // Answers without ids can't be told apart once one is missing.
        Measurement.RecordLost(_ordered ? overdue + InFlight.Clear() : overdue);
    }

    private void TakeOther(AnswerHead head, ReadOnlySpan<byte> body)
    {
        switch (head.Kind)
        {
            case MessageKind.Error when InFlight.TryEnd(head.Id, out _):
                Measurement.CountAnswer();
                Measurement.RecordError(ServerMessage.Describe(body.ToArray()));
                break;
            case MessageKind.Ping:
                Connection.Send(PongMessage.Encode(head.Id, Connection.Address.Framed));
                break;
            case MessageKind.Error when !Connection.Address.Framed:
                break; // The answer to a request that was given up.
            default:
                throw Unexpected(body);
        }
    }

    private void Drain()
    {
        var now = Stopwatch.GetTimestamp();
        while (InFlight.Count > 0 && !_cancellation.IsCancellationRequested)
        {
            var received = Connection.Receive();
            now = Stopwatch.GetTimestamp();
            if (received)
            {
                TakeAnswers(now);
            }

            Tick(now);
        }
    }

    private LoadTestException Unexpected(ReadOnlySpan<byte> body) =>
        new($"the server at {Connection.Address} sent {ServerMessage.Describe(body.ToArray())}");
}
