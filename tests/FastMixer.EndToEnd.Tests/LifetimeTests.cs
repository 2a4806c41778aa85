using FastMixer.Client;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Server.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.EndToEnd.Tests;

/// <summary>Connections that do nothing, too much, or live while the server ends.</summary>
public sealed class LifetimeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ConnectionWithoutHello_IsClosedAtTheHelloTime_WithAnError()
    {
        var time = new FakeTimeProvider();
        await using TestServer server = TestServer.Start(time: time);
        using var client = new RawClient(server.Address(Transport.Tcp));
        await Eventually.TrueAsync(() => server.Server.Connections == 1);

        time.Advance(ProtocolLimits.Default.HelloTimeout + TimeSpan.FromSeconds(2));

        Assert.Equal(ErrorCode.Timeout, client.Read().Code);
        Assert.True(client.IsClosed());
        await Eventually.TrueAsync(() => server.Server.Counters.Closed(CloseReason.HelloTimeout) == 1);
    }

    [Fact]
    public async Task GreetedConnection_IsClosedAtTheIdleTime_AndNotBefore()
    {
        var time = new FakeTimeProvider();
        await using TestServer server = TestServer.Start(time: time);
        using var client = new RawClient(server.Address(Transport.Tcp));
        client.Greet();
        time.Advance(ProtocolLimits.Default.IdleTimeout - TimeSpan.FromSeconds(5));
        client.Send(RawClient.Check(2, "/books"));
        Assert.Equal(MessageKind.Verdict, client.Read().Kind);

        time.Advance(TimeSpan.FromSeconds(10));
        client.Send(RawClient.Check(3, "/books"));
        Assert.Equal(MessageKind.Verdict, client.Read().Kind);
        await Eventually.TrueAsync(() => server.Server.Connections == 1);
        time.Advance(ProtocolLimits.Default.IdleTimeout + TimeSpan.FromSeconds(2));

        Assert.Equal(ErrorCode.Timeout, client.Read().Code);
        await Eventually.TrueAsync(() => server.Server.Counters.Closed(CloseReason.IdleTimeout) == 1);
    }

    [Fact]
    public async Task ClientThatTakesNoAnswers_IsClosedAtTheSendTime_AndOthersGoOn()
    {
        var time = new FakeTimeProvider();
        await using TestServer server = TestServer.Start(time: time);
        using var deaf = new RawClient(server.Address(Transport.Tcp));
        deaf.Greet();
        byte[] checks = [.. Enumerable.Range(2, 500).SelectMany(id => RawClient.Check((uint)id, "/admin"))];
        int sent = 0;
        deaf.Socket.Blocking = false;
        await Eventually.TrueAsync(() =>
        {
            // Sends until neither side's buffers take any more: the server is then stuck in a send.
            ReadOnlySpan<byte> rest = checks.AsSpan(sent);
            sent += deaf.Socket.Send(rest, System.Net.Sockets.SocketFlags.None, out System.Net.Sockets.SocketError error);
            sent %= checks.Length;
            if (error == System.Net.Sockets.SocketError.WouldBlock)
            {
                time.Advance(TimeSpan.FromSeconds(1));
            }

            return server.Server.Counters.Closed(CloseReason.SendTimeout) == 1;
        });

        using var other = new RawClient(server.Address(Transport.Tcp));
        other.Greet();
    }

    [Fact]
    public async Task TenThousandIdleConnections_AreServedOrRefused_AndCounted_WhileOthersGoOn()
    {
        const int Opened = 10_000;
        const int Allowed = 4_000;
        var time = new FakeTimeProvider();
        await using TestServer server = TestServer.Start(limits: new ProtocolLimits { MaxConnections = Allowed }, time: time);
        using var other = new RawClient(server.Address(Transport.Tcp));
        other.Greet();
        var idle = new List<RawClient>(Opened);
        try
        {
            for (int i = 0; i < Opened; i++)
            {
                idle.Add(new RawClient(server.Address(Transport.Tcp)));
            }

            const long Refused = Opened + 1 - Allowed;
            await Eventually.TrueAsync(() => server.Server.Counters.Closed(CloseReason.TooManyConnections) == Refused);
            Assert.Equal(Allowed, server.Server.Connections);
            Assert.Equal(ErrorCode.TooManyConnections, idle[^1].Read().Code);
            other.Send(RawClient.Check(2, "/books"));
            Assert.Equal(MessageKind.Verdict, other.Read().Kind);

            time.Advance(ProtocolLimits.Default.HelloTimeout + TimeSpan.FromSeconds(2));

            await Eventually.TrueAsync(() => server.Server.Counters.Closed(CloseReason.HelloTimeout) == Allowed - 1);
            other.Send(RawClient.Check(3, "/books"));
            Assert.Equal(MessageKind.Verdict, other.Read().Kind);
        }
        finally
        {
            idle.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task Stop_TellsClientsToGo_AnswersWhatComes_AndEndsWithoutWaitingForTheGrace()
    {
        await using TestServer server = TestServer.Start(drain: TimeSpan.FromMinutes(10));
        using var silent = new RawClient(server.Address(Transport.Tcp));
        using var client = new RawClient(server.Address(Transport.Tcp));
        client.Greet();
        await Eventually.TrueAsync(() => server.Server.Connections == 2);

        Task stopping = server.Server.StopAsync();

        Assert.Equal(MessageKind.GoingAway, client.Read().Kind);
        client.Send(RawClient.Check(9, "/admin"));
        Assert.Equal((MessageKind.Verdict, 9u), (client.Read() is var answer ? (answer.Kind, answer.Id) : default));
        Assert.True(silent.IsClosed());
        client.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        await stopping.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.True(client.IsClosed());
        Assert.Equal(0, server.Server.Connections);
    }

    [Fact]
    public async Task Stop_WithChecksInFlight_AnswersThemAll()
    {
        TestServer server = TestServer.Start();
        MixerClient client = server.Connect(Transport.Tcp);
        await client.ConnectAsync(Token);
        using var attributes = new AttributeWriter();
        attributes.Set("request.path", "/admin");
        List<Task<Verdict>> checks = [.. Enumerable.Range(0, 1000).Select(_ => client.CheckAsync(attributes, Token).AsTask())];

        Task stopping = server.DisposeAsync().AsTask();

        Verdict[] verdicts = await Task.WhenAll(checks);
        await client.DisposeAsync();
        await stopping.WaitAsync(TimeSpan.FromSeconds(60), Token);
        Assert.All(verdicts, verdict => Assert.False(verdict.IsAllowed));
    }
}
