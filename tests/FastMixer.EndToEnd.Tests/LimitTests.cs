using System.Net.Sockets;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Server.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.EndToEnd.Tests;

/// <summary>What costs the server something by staying, rather than by what it sends.</summary>
public sealed class LimitTests
{
    private const int Flood = 10_000;
    private const int FloodLimit = 4_096;

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task ConnectionWithoutHello_IsTimedOut_AndCounted()
    {
        await using TestServer server = TestServer.Start(time: _time);
        using var silent = new RawClient(server.Address(Transport.Tcp));
        using var half = new RawClient(server.Address(Transport.Tcp));
        half.Send(RawClient.Hello().AsSpan(0, 7));
        using var greeted = new RawClient(server.Address(Transport.Tcp));
        greeted.Greet();
        await Eventually.TrueAsync(() => server.Server.Connections == 3);

        Pass(TimeSpan.FromSeconds(9));
        Assert.Equal(3, server.Server.Connections);
        Pass(TimeSpan.FromSeconds(3));

        Assert.Equal(ErrorCode.Timeout, silent.Read().Code);
        Assert.Equal(ErrorCode.Timeout, half.Read().Code);
        Assert.True(silent.IsClosed());
        await Eventually.TrueAsync(() => server.Server.Counters.Closed(CloseReason.HelloTimeout) == 2);
        AssertStillServes(greeted);
    }

    [Fact]
    public async Task ConnectionThatSendsNothing_IsTimedOut_UnlessItPings()
    {
        await using TestServer server = TestServer.Start(time: _time);
        using var client = new RawClient(server.Address(Transport.Tcp));
        client.Greet();

        Pass(TimeSpan.FromSeconds(590));
        client.Send(RawClient.Ping(5));
        Assert.Equal(MessageKind.Pong, client.Read().Kind);
        Pass(TimeSpan.FromSeconds(590));
        Assert.Equal(1, server.Server.Connections);
        await Eventually.TrueAsync(() =>
        {
            Pass(TimeSpan.FromSeconds(20));
            return server.Server.Counters.Closed(CloseReason.IdleTimeout) == 1;
        });

        Assert.Equal(ErrorCode.Timeout, client.Read().Code);
        Assert.True(client.IsClosed());
    }

    [Fact]
    public async Task ConnectionsBeyondTheLimit_AreRefused_UntilOthersLeave()
    {
        await using TestServer server = TestServer.Start(limits: ProtocolLimits.Default with { MaxConnections = 3 });
        RawClient[] clients = [.. Enumerable.Range(0, 3).Select(_ => new RawClient(server.Address(Transport.Tcp)).Greet())];
        using (var refused = new RawClient(server.Address(Transport.Tcp)))
        {
            Assert.Equal(ErrorCode.TooManyConnections, refused.Read().Code);
            Assert.True(refused.IsClosed());
        }

        Assert.Equal(1, server.Server.Counters.Closed(CloseReason.TooManyConnections));
        Assert.Equal(1, server.Server.Counters.Errors(ErrorCode.TooManyConnections));
        clients[0].Dispose();
        await Eventually.TrueAsync(() => server.Server.Connections == 2);
        using (RawClient late = new RawClient(server.Address(Transport.Tcp)).Greet())
        {
            AssertStillServes(late);
        }

        AssertStillServes(clients[1]);
        Array.ForEach(clients, client => client.Dispose());
    }

    [Fact]
    public async Task ClientThatDoesNotTakeItsAnswers_IsClosed_AndOthersGoOn()
    {
        await using TestServer server = TestServer.Start(time: _time);
        using var other = new RawClient(server.Address(Transport.Tcp));
        other.Greet();
        using var client = new RawClient(server.Address(Transport.Tcp));
        client.Greet();
        client.Socket.Blocking = false;
        byte[] checks = [.. Enumerable.Repeat(RawClient.Check(2, "/admin"), 1_000).SelectMany(check => check)];
        int sent = 0;

        await Eventually.TrueAsync(() =>
        {
            while (client.Socket.Poll(10_000, SelectMode.SelectWrite))
            {
                int count = client.Socket.Send(checks.AsSpan(sent), SocketFlags.None, out SocketError error);
                if (error is not (SocketError.Success or SocketError.WouldBlock))
                {
                    break;
                }

                sent = (sent + count) % checks.Length;
            }

            Pass(TimeSpan.FromSeconds(1));
            return server.Server.Counters.Closed(CloseReason.SendTimeout) == 1;
        });

        AssertStillServes(other);
    }

    [Fact]
    public async Task TenThousandConnectionsLeftIdle_CostNobodyElseAnything()
    {
        await using TestServer server = TestServer.Start(limits: ProtocolLimits.Default with { MaxConnections = FloodLimit }, time: _time);
        using var other = new RawClient(server.Address(Transport.Tcp));
        other.Greet();
        var flood = new List<RawClient>(Flood);
        try
        {
            for (int i = 0; i < Flood; i++)
            {
                flood.Add(new RawClient(server.Address(Transport.Tcp)));
            }

            await Eventually.TrueAsync(() => server.Server.Counters.Accepted == Flood + 1);
            AssertStillServes(other);
            Assert.Equal(FloodLimit, server.Server.Connections);
            Assert.Equal(Flood + 1 - FloodLimit, server.Server.Counters.Closed(CloseReason.TooManyConnections));

            Pass(TimeSpan.FromSeconds(12));

            await Eventually.TrueAsync(() => server.Server.Connections == 1);
            Assert.Equal(FloodLimit - 1, server.Server.Counters.Closed(CloseReason.HelloTimeout));
            AssertStillServes(other);
        }
        finally
        {
            flood.ForEach(client => client.Dispose());
        }
    }

    private void Pass(TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private static void AssertStillServes(RawClient client)
    {
        client.Send(RawClient.Check(77, "/books"));
        Answer answer = client.Read();
        Assert.Equal((MessageKind.Verdict, 77u), (answer.Kind, answer.Id));
    }
}
