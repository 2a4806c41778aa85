using System.Diagnostics;
using FastMixer.LoadTest.Dialects;
using FastMixer.LoadTest.Transport;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Reports;

/// <summary>
/// Sends reports over one connection from one thread, a fixed number of them in flight: an honest client, which keeps what is refused and sends it again
/// when the server says, leaves when the server stops, and connects again then.
/// </summary>
/// <param name="settings">How to send.</param>
/// <param name="supply">What to send.</param>
/// <param name="tally">What became of it.</param>
/// <param name="cancellation">Ends it at once.</param>
internal sealed class ReportSender(ReportLoadSettings settings, ReportSupply supply, ReportTally tally, CancellationToken cancellation)
{
    private const long Free = -1;

    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReconnectTime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromMilliseconds(20);

    private readonly long[] _inFlight = Enumerable.Repeat(Free, settings.Depth).ToArray();
    private readonly Queue<long> _kept = new();
    private int _waiting;
    private long _notBefore;
    private long _lastAnswer;
    private bool _leaving;
    private bool _ended;

    /// <summary>Why it broke off; null if it did not. To be read after the thread has ended.</summary>
    public LoadTestException? Failure { get; private set; }

    /// <summary>The body of the thread.</summary>
    public void Run()
    {
        if (settings.BehindOthers)
        {
            Processes.Native.RunBehindOthers();
        }

        try
        {
            while (!_ended && !cancellation.IsCancellationRequested)
            {
                using var connection = Connect();
                Converse(connection);
            }
        }
        catch (LoadTestException e)
        {
            Failure = e;
        }
    }

    private Connection Connect()
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                var connection = FastMixerDialect.Instance.Open(settings.Address, Silence, settings.Templates.Length, settings.Depth);
                connection.LimitWaits(Wait);
                _lastAnswer = Stopwatch.GetTimestamp();
                _leaving = false;
                return connection;
            }
            catch (LoadTestException) when (
                settings.Reconnects && !cancellation.IsCancellationRequested && Stopwatch.GetElapsedTime(since) < ReconnectTime)
            {
                cancellation.WaitHandle.WaitOne(ReconnectPause);
            }
        }
    }

    // Until everything is answered and there is no more, or the server leaves.
    private void Converse(Connection connection)
    {
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                Enqueue(connection);
                connection.Flush();
                if (_waiting > 0)
                {
                    TakeAnswers(connection);
                }
                else if (_leaving || _ended)
                {
                    return;
                }
                else
                {
                    cancellation.WaitHandle.WaitOne(Load.Window.Until(_notBefore));
                }
            }
        }
        catch (LoadTestException) when (settings.Reconnects)
        {
            KeepUnanswered();
        }
    }

    private void Enqueue(Connection connection)
    {
        for (var slot = 0; slot < _inFlight.Length && !_leaving && Stopwatch.GetTimestamp() >= _notBefore; slot++)
        {
            if (_inFlight[slot] == Free)
            {
                if (!_kept.TryDequeue(out var number) && !supply.TryTake(out number))
                {
                    _ended = true;
                    return;
                }

                settings.Templates.Write(connection.Enqueue(settings.Templates.LengthOf(number)), (uint)slot + 1, number);
                _inFlight[slot] = number;
                _waiting++;
            }
        }
    }

    private void TakeAnswers(Connection connection)
    {
        var received = connection.Receive();
        if (!received && Stopwatch.GetElapsedTime(_lastAnswer) > Silence)
        {
            throw new LoadTestException($"the server at {settings.Address} did not answer a report within {Silence.TotalSeconds} s");
        }

        while (received && connection.TryTake(out var body))
        {
            _lastAnswer = Stopwatch.GetTimestamp();
            Take(connection, body);
        }
    }

    private void Take(Connection connection, ReadOnlySpan<byte> body)
    {
        if (!AnswerHead.TryRead(body, out var head))
        {
            throw Unexpected(body);
        }

        switch (head.Kind)
        {
            case MessageKind.Acknowledgement when head.Id - 1 < _inFlight.Length && AcknowledgementMessage.TryRead(body, out var acknowledgement):
                Settle((int)head.Id - 1, acknowledgement, body);
                break;
            case MessageKind.GoingAway:
                _leaving = true;
                break;
            case MessageKind.Ping:
                connection.Send(PongMessage.Encode(head.Id, framed: true));
                break;
            default:
                throw Unexpected(body);
        }
    }

    private void Settle(int slot, AcknowledgementMessage acknowledgement, ReadOnlySpan<byte> body)
    {
        var number = _inFlight[slot];
        _inFlight[slot] = Free;
        _waiting--;
        switch (acknowledgement)
        {
            case { Accepted: ReportTemplates.Records, Refused: 0 }:
                tally.CountAccepted(ReportTemplates.Records, ReportTemplates.ResponseBytes(number));
                break;
            case { Accepted: 0, Refused: ReportTemplates.Records }:
                tally.CountRefused(ReportTemplates.Records);
                _kept.Enqueue(number);
                _ended = false;
                _notBefore = Stopwatch.GetTimestamp() + Load.Window.Ticks(acknowledgement.RetryAfter);
                break;
            default:
                // The protocol allows to take the first of them; the messages here are sent whole or not at all.
                throw Unexpected(body);
        }
    }

    private void KeepUnanswered()
    {
        tally.CountUnanswered(_waiting * ReportTemplates.Records);
        for (var slot = 0; slot < _inFlight.Length; slot++)
        {
            if (_inFlight[slot] != Free)
            {
                _kept.Enqueue(_inFlight[slot]);
                _inFlight[slot] = Free;
            }
        }

        _waiting = 0;
        _ended &= _kept.Count == 0;
    }

    private LoadTestException Unexpected(ReadOnlySpan<byte> body) =>
        new($"the server at {settings.Address} answered a report with {ServerMessage.Describe(body.ToArray())}");
}
