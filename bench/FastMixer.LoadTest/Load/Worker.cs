using System.Diagnostics;
using System.Net.Sockets;
using FastMixer.LoadTest.Dialects;
using FastMixer.LoadTest.Transport;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Load;

/// <summary>
/// Drives one connection from one thread of its own, with blocking calls on buffers made beforehand: nothing between the system call
/// and the timestamp but this code. Allocates nothing while it measures, unless the server answers with errors.
/// </summary>
internal abstract class Worker
{
    private readonly IRequestTemplate _requests;
    private readonly Dialect _dialect;
    private readonly bool _ordered;
    private readonly long _timeout;
    private readonly long _patience;
    private readonly CancellationToken _cancellation;
    private KeySequence _keys;
    private long _nextSweep;
    private long _allocatedBefore = -1;

    /// <summary>Prepares a worker for a connection that is ready for requests.</summary>
    protected Worker(Connection connection, Target target, Window window, WorkerSettings settings)
    {
        Connection = connection;
        Window = window;
        InFlight = new InFlight(settings.Depth);
        _requests = target.Requests;
        _dialect = target.Dialect;
        _ordered = _dialect.AnswersInOrder;
        _timeout = Window.Ticks(settings.Timeout);
        _patience = settings.Patience is { } patience ? Window.Ticks(patience) : long.MaxValue;
        _keys = target.Keys.Sequence(settings.Number);
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
        _requests.Write(Connection.Enqueue(_requests.Length), InFlight.Add(since, now), _keys.Next());

    /// <summary>Takes every answer that has come in.</summary>
    protected void TakeAnswers(long now)
    {
        while (Connection.TryTake(out var body))
        {
            if (!_dialect.TryReadHead(body, out var head))
            {
                throw Unexpected(body);
            }

            if (head.Kind is not MessageKind.Verdict)
            {
                TakeOther(head, body, now);
            }
            else if (TryEnd(head, out var since))
            {
                Measurement.CountAnswer();
                if (Counts(since, now))
                {
                    Measurement.RecordVerdict(now - since, head.Status, body.Length);
                    if (now - since > _patience)
                    {
                        Measurement.RecordLate();
                    }
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

    private bool TryEnd(AnswerHead head, out long since) => _ordered ? InFlight.TryEndOldest(out since) : InFlight.TryEnd(head.Id, out since);

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

    private void TakeOther(AnswerHead head, ReadOnlySpan<byte> body, long now)
    {
        switch (head.Kind)
        {
            case MessageKind.Error when TryEnd(head, out var since):
                TakeError(head, body, Counts(since, now));
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

    private void TakeError(AnswerHead head, ReadOnlySpan<byte> body, bool counts)
    {
        Measurement.CountAnswer();
        Measurement.RecordError();
        if (counts)
        {
            Measurement.RecordRefusal(head.Status);
        }

        // An overloaded server refuses by the thousand: only the first is worth a text.
        if (Measurement.FirstError is null)
        {
            Measurement.RecordFirstError(_dialect.Describe(body));
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
        new($"the server at {Connection.Address} sent {_dialect.Describe(body)}");
}
