using System.Net;
using System.Net.Sockets;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Messages;

namespace FastMixer.EndToEnd.Tests;

/// <summary>What the whole process allocates while it answers: sockets, sessions, engine and handlers. Runs alone, as others would be counted.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    private const int Depth = 10;
    private const int WarmUpRounds = 6_000;
    private const int MeasuredRounds = 10_000;
    private const int Windows = 3;

    // The runtime itself allocates a little now and then; one object for each request would be 24 bytes for each.
    private const double MostBytesPerRequest = 0.1;

    [Theory]
    [InlineData(Transport.Tcp, "/books")]
    [InlineData(Transport.Tcp, "/admin/users")]
    [InlineData(Transport.Udp, "/books")]
    [InlineData(Transport.Udp, "/admin/users")]
    public async Task Checks_AllocateNothing(Transport transport, string path)
    {
        await using TestServer server = TestServer.Start();

        double bytes = Measure(server.Address(transport), RawClient.Check(2, path));

        Assert.True(bytes < MostBytesPerRequest, $"{bytes:0.###} bytes for each check");
    }

    private static double Measure(MixerAddress address, byte[] frame)
    {
        bool isStream = address.IsStream;
        using Socket socket = Connect(address);
        byte[] request = isStream ? [.. Enumerable.Repeat(frame, Depth).SelectMany(one => one)] : Padded(frame.AsSpan(4));
        var received = new byte[64 * 1024];
        int length = FirstAnswer(socket, isStream, isStream ? frame : request, received);
        Exchange(socket, isStream, request, received, length, WarmUpRounds);
        double least = double.MaxValue;
        for (int i = 0; i < Windows && least >= MostBytesPerRequest; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            Exchange(socket, isStream, request, received, length, MeasuredRounds);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(MeasuredRounds * Depth));
        }

        return least;
    }

    private static Socket Connect(MixerAddress address)
    {
        Socket socket = address.IsStream
            ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.ReceiveTimeout = 20_000;
        socket.Connect(new IPEndPoint(IPAddress.Loopback, address.Port));
        if (address.IsStream)
        {
            socket.Send(RawClient.Hello());
            var welcome = new byte[1024];
            int first = socket.Receive(welcome);
            Assert.Equal((byte)MessageKind.Welcome, welcome[first > 5 ? 5 : 0]);
        }

        return socket;
    }

    // All answers have the id of the request, so all are as long as the first.
    private static int FirstAnswer(Socket socket, bool isStream, byte[] request, byte[] received)
    {
        socket.Send(request);
        int length = socket.Receive(received);
        Assert.Equal((byte)MessageKind.Verdict, received[isStream ? 5 : 1]);
        return length;
    }

    private static void Exchange(Socket socket, bool isStream, byte[] request, byte[] received, int length, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < (isStream ? 1 : Depth); i++)
            {
                socket.Send(request.AsSpan());
            }

            for (int left = length * Depth; left > 0;)
            {
                int count = socket.Receive(received.AsSpan(0, isStream ? left : received.Length));
                Assert.True(count > 0);
                left -= count;
            }
        }
    }

    private static byte[] Padded(ReadOnlySpan<byte> message)
    {
        var datagram = new byte[256];
        message.CopyTo(datagram);
        return datagram;
    }
}
