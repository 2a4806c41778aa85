using System.Net;
using System.Net.Sockets;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.EndToEnd.Tests;

/// <summary>What becomes of checks whose sender does not wait any more.</summary>
public sealed class DeadlineTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    public async Task CheckBehindASlowOne_ItsPatienceOver_IsAnsweredSoAndCostsNothing()
    {
        await using TestServer server = TestServer.Start(new SlowAdapter(), SlowAdapter.Policy(spinMicroseconds: 20_000));
        using var client = new RawClient(server.Address(Transport.Tcp));
        client.Greet();

        // The last one would be malformed, if anybody looked at its attributes.
        byte[] unread = RawClient.Frame([0x96, 3, 6, 0x81, 8, 5, 0x90, 0xa0, 1]);
        client.Send([
            .. RawClient.Check(2, "/slow"), .. RawClient.Check(3, "/slow", Short), .. RawClient.Check(4, "/", Long), .. RawClient.Check(5, "/"), .. unread]);

        Assert.Equal(MessageKind.Verdict, client.Read().Kind);
        Assert.Equal(new Answer(MessageKind.Error, 3, ErrorCode.DeadlineExceeded, "nobody waits for the verdict any more"), client.Read());
        Assert.Equal(new Answer(MessageKind.Verdict, 4, ErrorCode.None, ""), client.Read());
        Assert.Equal(new Answer(MessageKind.Verdict, 5, ErrorCode.None, ""), client.Read());
        Assert.Equal(new Answer(MessageKind.Error, 6, ErrorCode.DeadlineExceeded, "nobody waits for the verdict any more"), client.Read());
        Assert.Equal(2, server.Server.Counters.Errors(ErrorCode.DeadlineExceeded));
    }

    [Fact]
    public async Task AnswerThatComesLate_OverAStream_IsNotWrittenToThoseWhoWaitNoMore()
    {
        var time = new FakeTimeProvider();
        var slow = new SlowAdapter();
        await using TestServer server = TestServer.Start(slow, SlowAdapter.Policy(spinMicroseconds: 0), time);
        using var client = new RawClient(server.Address(Transport.Tcp));
        client.Greet();
        client.Send([.. RawClient.Check(2, "/slow", TimeSpan.FromMilliseconds(100)), .. RawClient.Check(3, "/slow", Long), .. RawClient.Check(4, "/slow")]);
        await Eventually.TrueAsync(() => slow.Waiting == 3);

        time.Advance(TimeSpan.FromMilliseconds(100));
        slow.Open();

        Dictionary<uint, ErrorCode> answers = Enumerable.Range(0, 3).Select(_ => client.Read()).ToDictionary(answer => answer.Id, answer => answer.Code);
        Assert.Equal([ErrorCode.DeadlineExceeded, ErrorCode.None, ErrorCode.None], [answers[2], answers[3], answers[4]]);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(256)]
    public async Task AnswerThatComesLate_OverDatagrams_IsAShortError(int length)
    {
        var time = new FakeTimeProvider();
        var slow = new SlowAdapter();
        await using TestServer server = TestServer.Start(slow, SlowAdapter.Policy(spinMicroseconds: 0), time);
        using Socket socket = Connect(server);
        var datagram = new byte[length];
        RawClient.Check(7, "/slow", Short).AsSpan(4).CopyTo(datagram);
        socket.Send(datagram);
        await Eventually.TrueAsync(() => slow.Waiting == 1);

        time.Advance(Short);
        slow.Open();

        var answer = new byte[1024];
        int received = socket.Receive(answer);
        Assert.InRange(received, 1, length);
        var reader = new WireReader(answer.AsSpan(0, received));
        Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader header));
        Assert.True(ErrorMessage.TryRead(ref reader, header, out ErrorMessage? error));
        Assert.Equal((7u, ErrorCode.DeadlineExceeded), (header.Id, error!.Code));
    }

    private static Socket Connect(TestServer server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 20_000 };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, server.Address(Transport.Udp).Port));
        return socket;
    }
}
