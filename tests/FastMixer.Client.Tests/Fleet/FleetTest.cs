using System.Collections.Concurrent;
using FastMixer.Client.Attributes;
using FastMixer.Client.Fleet;
using FastMixer.Client.Fleet.Naming;
using FastMixer.Client.Fleet.Routing;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Buffers;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastMixer.Client.Tests.Fleet;

/// <summary>What the tests of a fleet share: servers on sockets, and a clock that stands still unless a test moves it.</summary>
public abstract class FleetTest : ClientTest
{
    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected ServerFleet Fleet(IEnumerable<string> addresses, Func<FleetOptions, FleetOptions>? change = null, INameResolver? resolver = null)
    {
        var servers = new FleetOptions { Addresses = [.. addresses] };
        var options = new MixerClientOptions
        {
            Servers = change is null ? servers : change(servers),
            Base = attributes => attributes.Set("source.name", "tests"),
        };
        return new ServerFleet(options, new AttributeSpace(options), Clock, NullLogger.Instance, resolver);
    }

    private protected CheckQuestion Question(string path = "/", ulong route = 1, TimeSpan? time = null)
    {
        var question = new CheckQuestion { Route = route, Deadline = Clock.GetTimestamp() + (time ?? TimeSpan.FromSeconds(1)).Ticks };
        Write(question.BeyondBase, path);
        Write(question.Whole, path);
        return question;
    }

    /// <summary>The servers in the order in which a route prefers them.</summary>
    private protected static RunningServer[] Order(ulong route, params RunningServer[] servers) =>
        [.. servers.OrderByDescending(server => Rendezvous.Score(route, Rendezvous.Identify(server.Address), 1))];

    private protected async Task UntilAsync(Func<bool> condition, TimeSpan step = default)
    {
        while (!condition())
        {
            Token.ThrowIfCancellationRequested();
            if (step > TimeSpan.Zero)
            {
                Clock.Advance(step);
            }

            await Task.Delay(1, Token);
        }
    }

    private static void Write(PooledBuffer buffer, string path)
    {
        using AttributeWriter attributes = Attributes(path);
        var writer = new WireWriter(buffer.GetSpan(16_384), framed: false);
        attributes.WriteTo(ref writer);
        Assert.True(writer.TryComplete(out int written));
        buffer.Advance(written);
    }
}

/// <summary>A <see cref="FakeServer"/> that answers by itself, as its test tells it to.</summary>
public sealed class RunningServer : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<FakeConnection> _connections = [];
    private readonly FakeServer _server;
    private readonly Task _running;
    private int _checks;
    private int _reports;

    public RunningServer(int port = 0, string instance = "i1")
    {
        _server = FakeServer.Tcp(port);
        Instance = instance;
        _running = RunAsync();
    }

    public string Address => _server.Address.ToString();

    public int Port => _server.Address.Port;

    public string Instance { get; set; }

    /// <summary>What checks are answered with; null for no answer.</summary>
    public Func<FakeMessage, byte[]?> OnCheck { get; set; } = message => Answers.Verdict(message.Id);

    public Func<FakeMessage, byte[]?> OnReport { get; set; } = message => Answers.Acknowledgement(message.Id, 1, 0);

    public Func<FakeMessage, byte[]?> OnPing { get; set; } = message => Answers.Ping(message.Id);

    public ConcurrentQueue<FakeMessage> Received { get; } = [];

    public int Checks => Volatile.Read(ref _checks);

    public int Reports => Volatile.Read(ref _reports);

    public int Connections => _connections.Count;

    public async Task SendToAllAsync(byte[] frame)
    {
        foreach (FakeConnection connection in _connections)
        {
            await connection.SendAsync(frame);
        }
    }

    public void ResetConnections()
    {
        foreach (FakeConnection connection in _connections)
        {
            connection.Reset();
        }
    }

    /// <summary>Ends as a killed process does: nothing listens any more, and connections are reset.</summary>
    public void Kill()
    {
        _stop.Cancel();
        ResetConnections();
        _server.Dispose();
    }

    public void Dispose()
    {
        Kill();
        _running.Wait(TimeSpan.FromSeconds(10), CancellationToken.None);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        List<Task> serving = [];
        try
        {
            while (true)
            {
                FakeConnection connection = await _server.AcceptAsync(_stop.Token);
                serving.Add(ServeAsync(connection));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or System.Net.Sockets.SocketException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(FakeConnection connection)
    {
        try
        {
            FakeMessage hello = await connection.ReadAsync(_stop.Token);
            await connection.SendAsync(Answers.Welcome(hello.Id, instance: Instance));
            _connections.Add(connection);
            while (true)
            {
                FakeMessage message = await connection.ReadAsync(_stop.Token);
                Received.Enqueue(message);
                if (Answer(message) is { } answer)
                {
                    await connection.SendAsync(answer);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or EndOfStreamException
            or System.Net.Sockets.SocketException)
        {
            connection.Dispose();
        }
    }

    private byte[]? Answer(FakeMessage message)
    {
        switch (message.Kind)
        {
            case MessageKind.Check:
                Interlocked.Increment(ref _checks);
                return OnCheck(message);
            case MessageKind.Report:
                Interlocked.Increment(ref _reports);
                return OnReport(message);
            case MessageKind.Ping:
                return OnPing(message);
            default:
                return null;
        }
    }
}
