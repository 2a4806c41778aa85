using System.Collections.Concurrent;
using System.Net.Sockets;
using FastMixer.LoadTest.Dialects;
using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Transport;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Outage;

/// <summary>
/// Asks a FastMixer server over one connection, with many checks in flight. It has no cache of its own, so that all that is seen is what the server
/// does. A thread of its own takes the answers. Checks may be asked by one thread at a time.
/// </summary>
internal sealed class MixerCheckClient : ICheckClient
{
    private static readonly TimeSpan GreetingTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);

    private readonly Connection _connection;
    private readonly CheckTemplate _check;
    private readonly TimeSpan _timeout;
    private readonly byte[] _request;
    private readonly ConcurrentDictionary<uint, TaskCompletionSource<CheckOutcome>> _waiting = new();
    private readonly Thread _reader;
    private readonly Lock _sending = new();
    private uint _id;
    private volatile string? _broken;
    private volatile bool _disposed;

    /// <summary>Connects.</summary>
    public MixerCheckClient(ServerAddress server, TimeSpan timeout)
    {
        _check = new CheckTemplate(Resource.Text("default-check.json"), varied: true, server.Framed);
        _request = new byte[_check.Length];
        _timeout = timeout;
        _connection = FastMixerDialect.OpenSilently(server, GreetingTime, _check.Length, depth: 1);
        Handshake.Greet(_connection);
        _connection.LimitWaits(Turn);
        _reader = new Thread(Read) { IsBackground = true, Name = "answers" };
        _reader.Start();
    }

    /// <inheritdoc/>
    public async Task<CheckOutcome> CheckAsync(uint key)
    {
        var id = ++_id;
        var source = new TaskCompletionSource<CheckOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = source;
        try
        {
            if (_broken is { } reason)
            {
                return new CheckOutcome(reason);
            }

            _check.Write(_request, id, key);
            Send(_request);
            return await source.Task.WaitAsync(_timeout);
        }
        catch (TimeoutException)
        {
            return new CheckOutcome("no answer in time");
        }
        catch (LoadTestException e)
        {
            return new CheckOutcome(e.Message);
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _reader.Join();
        _connection.Dispose();
    }

    private void Read()
    {
        try
        {
            while (!_disposed)
            {
                if (_connection.Receive())
                {
                    TakeAnswers();
                }
            }
        }
        catch (Exception e) when (e is LoadTestException or SocketException)
        {
            _broken = e.Message;
            foreach (var source in _waiting.Values)
            {
                source.TrySetResult(new CheckOutcome(e.Message));
            }
        }
    }

    private void TakeAnswers()
    {
        while (_connection.TryTake(out var body))
        {
            if (!AnswerHead.TryRead(body, out var head))
            {
                throw new LoadTestException($"the server sent {ServerMessage.Describe(body.ToArray())}");
            }

            switch (head.Kind)
            {
                case MessageKind.Verdict or MessageKind.Error:
                    if (_waiting.TryGetValue(head.Id, out var source))
                    {
                        source.TrySetResult(Outcome(head));
                    }

                    break;
                case MessageKind.Ping:
                    Send(PongMessage.Encode(head.Id, framed: true));
                    break;
                default:
                    throw new LoadTestException($"the server sent {ServerMessage.Describe(body.ToArray())}");
            }
        }
    }

    private void Send(ReadOnlySpan<byte> message)
    {
        lock (_sending)
        {
            _connection.Send(message);
        }
    }

    // The backend of the experiment allows everything, so any other status is a failure that found its way into a verdict.
    private static CheckOutcome Outcome(AnswerHead head) => head switch
    {
        { Kind: MessageKind.Error } => new CheckOutcome($"error {WireNames.Error(head.Status)}"),
        { Status: 0 } => CheckOutcome.Decided,
        _ => new CheckOutcome($"verdict {WireNames.Status((int)head.Status)}"),
    };
}
