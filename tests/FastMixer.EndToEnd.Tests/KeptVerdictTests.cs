using System.Net;
using System.Net.Sockets;
using FastMixer.Client.Connections;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;

namespace FastMixer.EndToEnd.Tests;

/// <summary>Verdicts that one client's check has come to are handed out to others, over every transport.</summary>
public sealed class KeptVerdictTests
{
    [Fact]
    public async Task Verdict_IsHandedOutOverEveryTransport()
    {
        await using TestServer server = TestServer.StartKeeping();
        var verdicts = new List<Verdict>();
        foreach (Transport transport in (Transport[])[Transport.Tcp, Transport.Udp, Transport.Unix])
        {
            await using MixerConnection client = server.Connect(transport);
            using var attributes = new AttributeWriter();
            attributes.Set("request.path", "/admin");
            verdicts.Add(await client.CheckAsync(attributes));
        }

        Assert.Equal(2, server.Engine.VerdictStatistics!.Hits);
        Assert.All(verdicts, verdict => Assert.Equal((StatusCode.PermissionDenied, "closed.istio-system:not here"), (verdict.Status, verdict.Message)));
        Assert.Equal([7, 6, 5], verdicts.Select(verdict => verdict.ValidUseCount));
        Assert.All(verdicts, verdict => Assert.Equal(verdicts[0].Referenced.ToHashSet(), verdict.Referenced.ToHashSet()));
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(32, false)]
    public async Task Verdict_ThatDoesNotFitADatagram_IsCutAsAnyOther(int length, bool hasMessage)
    {
        await using TestServer server = TestServer.StartKeeping();
        using Socket socket = Connect(server.Address(Transport.Udp).Port);
        var datagram = new byte[length];
        RawClient.Check(2, "/admin").AsSpan(4).CopyTo(datagram);
        var answer = new byte[512];
        Verdict? verdict = null;
        for (int i = 0; i < 2; i++)
        {
            int received = Ask(socket, datagram, answer);
            Assert.InRange(received, 1, length);
            verdict = Read(answer.AsSpan(0, received));
        }

        Assert.Equal(1, server.Engine.VerdictStatistics!.Hits);
        Assert.Equal(StatusCode.PermissionDenied, verdict!.Status);
        Assert.Equal((hasMessage, 6), (verdict.Message.Length > 0, verdict.ValidUseCount));
        Assert.NotEmpty(verdict.Referenced);
    }

    private static Socket Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 20_000 };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    private static int Ask(Socket socket, byte[] datagram, byte[] answer)
    {
        socket.Send(datagram);
        return socket.Receive(answer);
    }

    private static Verdict Read(ReadOnlySpan<byte> answer)
    {
        var reader = new WireReader(answer);
        Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader header));
        Assert.True(Verdict.TryRead(ref reader, header, WordList.Version1Count, out Verdict? verdict), reader.Fault.ToString());
        return verdict!;
    }
}
