using System.Net;
using System.Net.Sockets;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Server.Overload;

namespace FastMixer.EndToEnd.Tests.Overload;

/// <summary>A server with a policy that is slow on purpose, under more load than it can take. Counted, never timed.</summary>
[Collection(nameof(Alone))]
public sealed class SheddingTests
{
    private const int SpinMicroseconds = 500;
    private const int Burst = 2000;

    [Fact]
    public async Task StreamThatSendsMoreThanCanBeAnswered_IsShedAndRecovers()
    {
        await using TestServer server = Start(new OverloadOptions());
        using var client = new RawClient(server.Address(Transport.Tcp));
        client.Greet();

        Task sending = SendBurstAsync(client);
        List<Answer> answers = [.. Enumerable.Range(0, Burst + 2).Select(_ => client.Read())];
        await sending;

        int verdicts = answers.Count(answer => answer.Kind == MessageKind.Verdict);
        int refused = answers.Count(answer => answer.Code == ErrorCode.Overloaded);
        Assert.Equal(Burst, verdicts + refused);
        Assert.Equal(MessageKind.Verdict, answers[0].Kind);
        Assert.Equal(refused, server.Server.ShedChecks);

        // One interval's worth, and what was read with it, is answered before the queue counts as a standing one; the rest, mostly, is not.
        Assert.InRange(refused, 1, Burst - 1);
        Assert.Equal(new Answer(MessageKind.Acknowledgement, Burst + 2, ErrorCode.None, "0 3"), answers[^2]);
        Assert.Equal((MessageKind.Pong, (uint)100), (answers[^1].Kind, answers[^1].Id));
        Assert.Equal(1, server.Server.ShedReports);
        await AssertRecoversAsync(server, client);
    }

    [Fact]
    public async Task StreamThatSendsMoreThanCanBeAnswered_WithoutShedding_WaitsForAll()
    {
        await using TestServer server = Start(new OverloadOptions { Target = TimeSpan.Zero });
        using var client = new RawClient(server.Address(Transport.Tcp));
        client.Greet();

        Task sending = SendBurstAsync(client);
        List<Answer> answers = [.. Enumerable.Range(0, Burst + 2).Select(_ => client.Read())];
        await sending;

        Assert.Equal(Burst, answers.Count(answer => answer.Kind == MessageKind.Verdict));
        Assert.Equal("3 0", answers[^2].Text);
        Assert.Equal(0, server.Server.StandingQueues);
    }

    [Fact]
    public async Task ManyConnectionsThatAskMoreThanCanBeAnswered_AreShedAndRecover()
    {
        await using TestServer server = Start(new OverloadOptions());
        using var enough = new CancellationTokenSource();
        Task[] clients = [.. Enumerable.Range(0, 48).Select(_ => OnAThread(() => AskOn(server, enough.Token)))];

        await Eventually.TrueAsync(() => server.Server.ShedChecks > 100 || clients.Any(client => client.IsCompleted));
        await enough.CancelAsync();
        await Task.WhenAll(clients);

        using var client = new RawClient(server.Address(Transport.Tcp));
        await AssertRecoversAsync(server, client.Greet());
    }

    [Fact]
    public async Task DatagramsThatAskMoreThanCanBeAnswered_AreShedAndRecover()
    {
        await using TestServer server = Start(new OverloadOptions());
        using Socket socket = Connect(server);
        var answer = new byte[1024];
        var datagram = new byte[64];

        // Sent until some are refused: how many the system keeps is its own business.
        await Eventually.TrueAsync(() =>
        {
            for (uint i = 0; i < 200; i++)
            {
                RawClient.Check(2 + i, "/slow").AsSpan(4).CopyTo(datagram);
                socket.Send(datagram);
            }

            return server.Server.ShedChecks > 0;
        });

        bool refused = false;
        while (!refused)
        {
            int length = socket.Receive(answer);
            Assert.InRange(length, 1, datagram.Length);
            var reader = new WireReader(answer.AsSpan(0, length));
            Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader header));
            refused = header.Kind == MessageKind.Error && ErrorMessage.TryRead(ref reader, header, out ErrorMessage? error)
                && error!.Code == ErrorCode.Overloaded;
        }

        using var client = new RawClient(server.Address(Transport.Tcp));
        await AssertRecoversAsync(server, client.Greet());
    }

    private static TestServer Start(OverloadOptions overload) =>
        TestServer.Start(new SlowAdapter(), SlowAdapter.Policy(SpinMicroseconds), overload: overload);

    // A report and a ping come last; the client's own thread reads meanwhile, so that nothing is stuck in between.
    private static Task SendBurstAsync(RawClient client) => OnAThread(() => client.Send([
        .. Enumerable.Range(2, Burst).SelectMany(id => RawClient.Check((uint)id, "/slow")), .. RawClient.Report(Burst + 2, 3), .. RawClient.Ping(100)]));

    private static Task OnAThread(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Socket Connect(TestServer server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveTimeout = 20_000,
            ReceiveBufferSize = 4 * 1024 * 1024,
        };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, server.Address(Transport.Udp).Port));
        return socket;
    }

    private static void AskOn(TestServer server, CancellationToken enough)
    {
        using var client = new RawClient(server.Address(Transport.Tcp));
        client.Greet();
        for (uint id = 2; !enough.IsCancellationRequested; id++)
        {
            client.Send(RawClient.Check(id, "/slow"));
            Answer answer = client.Read();
            Assert.True(answer.Kind == MessageKind.Verdict || answer.Code == ErrorCode.Overloaded, answer.ToString());
        }
    }

    private static async Task AssertRecoversAsync(TestServer server, RawClient client)
    {
        await Eventually.TrueAsync(() => server.Server.StandingQueues == 0);
        for (uint id = 10_000; id < 10_050; id++)
        {
            client.Send(RawClient.Check(id, "/"));
            Assert.Equal(MessageKind.Verdict, client.Read().Kind);
        }
    }
}
