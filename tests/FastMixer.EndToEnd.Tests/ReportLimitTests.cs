using System.Net;
using System.Net.Sockets;
using FastMixer.Client.Connections;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Engine.Diagnostics;
using FastMixer.Engine.Reports.Accounting;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.EndToEnd.Tests;

/// <summary>Reports that are too large for something on their way: nothing grows, and each record is answered or counted.</summary>
public sealed class ReportLimitTests
{
    private const int Mebibyte = 1024 * 1024;
    private const string Meter = "meter.handler.istio-system";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DimensionOfAMebibyte_IsRefusedWithItsMessage_AndCounted()
    {
        await using TestServer server = TestServer.Start(PolicyAtFreePort());
        using var client = new RawClient(server.Address(Transport.Tcp));
        client.Greet();

        // The frame is as long as one may be; its value is not.
        client.Send(RawClient.Frame(Report(Mebibyte - 64)));

        Assert.Equal(ErrorCode.LimitExceeded, client.Read().Code);
        Assert.Equal(1, server.Server.Counters.Errors(ErrorCode.LimitExceeded));
        Assert.Equal((0, 0), (server.Engine.Counters.RecordsAccepted, server.Engine.Counters.RecordsHeld));
    }

    [Fact]
    public async Task FrameOfMoreThanAMebibyte_EndsTheConnection_AndIsCounted()
    {
        await using TestServer server = TestServer.Start(PolicyAtFreePort());
        using var client = new RawClient(server.Address(Transport.Tcp));
        client.Greet();

        client.Send(RawClient.Frame(Report(Mebibyte)).AsSpan(0, 64));

        Assert.Equal(ErrorCode.FrameTooLarge, client.Read().Code);
        Assert.True(client.IsClosed());
        Assert.Equal(1, server.Server.Counters.Errors(ErrorCode.FrameTooLarge));
        Assert.Equal(0, server.Engine.Counters.RecordsAccepted);
    }

    [Fact]
    public async Task DimensionOfAMebibyte_ThatLimitsLetThrough_IsSummedUpInTheOverflowSeries()
    {
        ProtocolLimits limits = ProtocolLimits.Default with { MaxFrameBytes = 2 * Mebibyte, MaxValueBytes = 2 * Mebibyte };
        await using TestServer server = TestServer.Start(PolicyAtFreePort(), limits);
        using var client = new RawClient(server.Address(Transport.Tcp));
        client.Greet();
        byte[] report = RawClient.Frame(Report(Mebibyte));

        client.Send(report);
        Assert.Equal((MessageKind.Acknowledgement, "1 0"), Kind(client.Read()));
        await SettledAsync(server, 1);
        long held = server.Engine.Reports.MemoryBytes;
        for (int i = 2; i <= 20; i++)
        {
            client.Send(report);
            Assert.Equal((MessageKind.Acknowledgement, "1 0"), Kind(client.Read()));
            await SettledAsync(server, i);
        }

        HandlerCounters meter = server.Engine.Current.ReportCounters[Meter];
        Assert.Equal(20, server.Engine.Counters.RecordsDelivered);
        Assert.Equal((20, 20, 20), (meter.Sent, meter.Delivered, meter.Overflows));
        Assert.InRange(server.Engine.Reports.MemoryBytes, 0, Math.Max(held, 4 * Mebibyte));
    }

    [Fact]
    public async Task DatagramReports_AreAcceptedOrAnsweredOrDropped_AndCounted()
    {
        TestServer server = TestServer.Start();
        await using (server)
        {
            await using MixerConnection client = server.Connect(Transport.Udp);
            using var record = new AttributeWriter();
            record.Set("request.path", "/a");
            for (int i = 0; i < 10; i++)
            {
                Assert.Equal(new Acknowledgement(3, 0, TimeSpan.Zero), await client.ReportAsync(new[] { record, record, record }, Token));
            }

            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Address(Transport.Udp).Port), Token);
            await socket.SendAsync(Report(2 * ProtocolLimits.Default.MaxDatagramBytes), Token);
            await Eventually.TrueAsync(() => server.Server.Counters.DatagramsDropped == 1);
            await socket.SendAsync(new byte[] { 0x93, 5, 2, 0x91, 0x81, 8, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, Token);
            await Eventually.TrueAsync(() => server.Server.Counters.Errors(ErrorCode.WrongType) == 1);
            await SettledAsync(server, 30);

            EngineCounters counters = server.Engine.Counters;
            Assert.Equal((30, 0, 30), (counters.RecordsAccepted, counters.RecordsRefused, counters.RecordsDelivered));
        }
    }

    private static (MessageKind Kind, string Text) Kind(Answer answer) => (answer.Kind, answer.Text);

    private static Task SettledAsync(TestServer server, long records) => Eventually.TrueAsync(
        () => server.Engine.Counters.RecordsAccepted == records && server.Engine.Counters.RecordsHeld == 0);

    // A Prometheus handler listens, where nobody comes here.
    private static string PolicyAtFreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return $$$"""
            kind: handler
            metadata: {name: meter}
            spec:
              compiledAdapter: prometheus
              params:
                address: "127.0.0.1:{{{((IPEndPoint)free.LocalEndpoint).Port}}}"
                metrics: [{name: paths_total, instance_name: path, kind: COUNTER, label_names: [path]}]
            ---
            kind: metric
            metadata: {name: path}
            spec: {value: "1", dimensions: {path: request.path | ""}}
            ---
            kind: rule
            metadata: {name: all}
            spec: {actions: [{handler: meter, instances: [path.metric]}]}
            """;
    }

    private static byte[] Report(int pathBytes)
    {
        using var record = new AttributeWriter();
        record.Set("request.path", new string('x', pathBytes));
        var bytes = new byte[pathBytes + 64];
        var writer = new WireWriter(bytes, framed: false);
        ReportWriter.Write(ref writer, 2, [record]);
        Assert.True(writer.TryComplete(out int length));
        return bytes[..length];
    }
}
