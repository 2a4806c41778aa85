using System.Net;
using System.Net.Sockets;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.EndToEnd.Tests;

/// <summary>What datagrams get: never a longer answer than they are, and never silence without a count.</summary>
public sealed class DatagramTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(new byte[] { 0xc1 })]
    [InlineData(new byte[] { 0x93, 3, 2, 0x85, 8 })]
    [InlineData(new byte[] { 0x92, 99, 2 })]
    [InlineData(new byte[] { 0x93, 3, 2, 0x81, 8, 5 })]
    public async Task BadDatagram_GetsAnErrorNoLongerThanItself_AndOthersGoOn(byte[] start)
    {
        await using TestServer server = TestServer.Start();
        foreach (int length in new[] { 16, 24, 64, 300 })
        {
            byte[] datagram = Padded(start, length);
            byte[] answer = await AskAsync(server, datagram);

            Assert.InRange(answer.Length, 1, datagram.Length);
            Assert.Equal(MessageKind.Error, KindOf(answer));
        }

        Assert.Equal(MessageKind.Verdict, KindOf(await AskAsync(server, Padded(RawClient.Check(5, "/books")[4..], 256))));
    }

    [Fact]
    public async Task VerdictThatDoesNotFit_LosesItsMessageAndItsReuse_NeverItsStatus()
    {
        await using TestServer server = TestServer.Start();
        byte[] check = RawClient.Check(5, "/admin")[4..];

        Verdict whole = Read(await AskAsync(server, Padded(check, 256)));
        Verdict cut = Read(await AskAsync(server, Padded(check, 16)));

        Assert.Equal(StatusCode.PermissionDenied, whole.Status);
        Assert.NotEmpty(whole.Message);
        Assert.NotEmpty(whole.Referenced);
        Assert.Equal(StatusCode.PermissionDenied, cut.Status);
        Assert.Empty(cut.Message);
        Assert.Empty(cut.Referenced);
        Assert.Equal((TimeSpan.Zero, 0), (cut.ValidDuration, cut.ValidUseCount));
    }

    [Fact]
    public async Task DatagramTooShortOrTooLong_IsDroppedAndCounted()
    {
        await using TestServer server = TestServer.Start();
        using Socket socket = await ConnectAsync(server);

        await socket.SendAsync(new byte[ProtocolLimits.MinDatagramBytes - 1], Token);
        await socket.SendAsync(new byte[ProtocolLimits.Default.MaxDatagramBytes + 1], Token);

        await Eventually.TrueAsync(() => server.Server.Counters.DatagramsDropped == 2);
    }

    private static byte[] Padded(byte[] message, int length)
    {
        var datagram = new byte[Math.Max(length, message.Length)];
        message.CopyTo(datagram, 0);
        return datagram;
    }

    private static async Task<Socket> ConnectAsync(TestServer server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Address(Transport.Udp).Port), Token);
        return socket;
    }

    private static async Task<byte[]> AskAsync(TestServer server, byte[] datagram)
    {
        using Socket socket = await ConnectAsync(server);
        await socket.SendAsync(datagram, Token);
        var answer = new byte[ProtocolLimits.Default.MaxDatagramBytes];
        int length = await socket.ReceiveAsync(answer, Token).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Token);
        return answer[..length];
    }

    private static MessageKind KindOf(byte[] answer)
    {
        var reader = new WireReader(answer);
        Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader header));
        return header.Kind;
    }

    private static Verdict Read(byte[] answer)
    {
        var reader = new WireReader(answer);
        Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader header));
        Assert.True(Verdict.TryRead(ref reader, header, 266, out Verdict? verdict));
        return verdict!;
    }
}
