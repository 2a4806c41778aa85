using System.Net;
using System.Net.Sockets;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Protocol.Addresses;

namespace FastMixer.EndToEnd.Tests;

/// <summary>What the whole process allocates while it serves: measured alone, so that nothing else allocates.</summary>
[Collection(nameof(Alone))]
public sealed class AllocationTests
{
    private const int WarmUp = 60_000;
    private const int Checks = 100_000;

    // The runtime itself allocates now and then, for its timers and its tiered compilation; a single object a check would be 24 bytes each.
    private const double MaxBytesPerCheck = 0.5;

    [Theory]
    [InlineData("/books")]
    [InlineData("/admin")]
    public async Task ChecksOverTcp_AllocateNothing(string path)
    {
        await using TestServer server = TestServer.Start();

        AssertNoAllocationOverTcp(server, path);
    }

    [Theory]
    [InlineData("/books")]
    [InlineData("/admin")]
    public async Task ChecksOverUdp_AllocateNothing(string path)
    {
        await using TestServer server = TestServer.Start();

        AssertNoAllocationOverUdp(server, path);
    }

    [Theory]
    [InlineData("/books")]
    [InlineData("/admin")]
    public async Task ChecksWithDirectives_AllocateNothing(string path)
    {
        await using TestServer server = TestServer.Start((TestServer.Policy + """

            ---
            kind: rule
            metadata: {name: headers}
            spec:
              requestHeaderOperations: [{name: x-path, values: [request.path]}, {name: x-user, values: [source.user]}]
              responseHeaderOperations: [{name: server, operation: REMOVE}]
            """).Replace("message: not here}", "message: not here}, direct_response: {code: 404, body: not here}", StringComparison.Ordinal));

        AssertNoAllocationOverTcp(server, path);
        AssertNoAllocationOverUdp(server, path);
    }

    [Theory]
    [InlineData("/books")]
    [InlineData("/admin")]
    public async Task ChecksWhoseVerdictsAreKept_AllocateNothing(string path)
    {
        await using TestServer server = TestServer.StartKeeping(TestServer.Policy
            .Replace("valid_duration: 5s, valid_use_count: 7", "valid_duration: 1h, valid_use_count: 100000000", StringComparison.Ordinal));

        AssertNoAllocationOverTcp(server, path);
        AssertNoAllocationOverUdp(server, path);
        Assert.True(server.Engine.VerdictStatistics!.HitRatio > 0.99, $"{server.Engine.VerdictStatistics}");
    }

    private static void AssertNoAllocationOverTcp(TestServer server, string path)
    {
        using var client = new RawClient(server.Address(Transport.Tcp));
        client.Greet();

        AssertNoAllocation(client.Socket, RawClient.Check(2, path));
    }

    private static void AssertNoAllocationOverUdp(TestServer server, string path)
    {
        using Socket socket = ConnectDatagrams(server);
        var padded = new byte[256];
        RawClient.Check(2, path).AsSpan(4).CopyTo(padded);

        AssertNoAllocation(socket, padded);
    }

    // A socket that has once been used asynchronously allocates at each blocking call.
    private static Socket ConnectDatagrams(TestServer server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 20_000 };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, server.Address(Transport.Udp).Port));
        return socket;
    }

    private static void AssertNoAllocation(Socket socket, byte[] request)
    {
        var answer = new byte[1024];
        Ask(socket, request, answer, WarmUp);
        double least = double.MaxValue;
        for (int round = 0; round < 3 && least > 0; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            Ask(socket, request, answer, Checks);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Checks);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{least} bytes a check");
        Assert.True(least < MaxBytesPerCheck, $"{least} bytes a check");
    }

    private static void Ask(Socket socket, byte[] request, byte[] answer, int count)
    {
        for (int i = 0; i < count; i++)
        {
            socket.Send(request);
            Assert.True(socket.Receive(answer) > 0);
        }
    }
}

/// <summary>Tests that run when no others do.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
