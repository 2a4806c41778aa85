using System.Diagnostics.CodeAnalysis;
using FastMixer.Client.Connections;

namespace FastMixer.Client.Tests;

public sealed class AllocationTests : ClientTest
{
    /// <summary>Streams and datagrams, answered by bytes that are made beforehand, so that only the client could allocate.</summary>
    [Theory(Timeout = Guard)]
    [InlineData(false)]
    [InlineData(true)]
    [SuppressMessage("Reliability", "CA2012", Justification = "Each is awaited once.")]
    public async Task PingAsync_AtSteadyState_CallingAllocatesNothing(bool datagrams)
    {
        using FakeServer stream = FakeServer.Tcp();
        using var datagram = new FakeDatagramServer();
        await using MixerConnection client = Connect(datagrams ? datagram.Address : stream.Address);
        ValueTask<TimeSpan> first = client.PingAsync();
        FakeConnection? connection = datagrams ? null : await stream.WelcomeAsync();
        var allocated = new List<long>();
        for (int i = 0; i < 300; i++)
        {
            if (i > 0)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                first = client.PingAsync(TestContext.Current.CancellationToken);
                allocated.Add(GC.GetAllocatedBytesForCurrentThread() - before);
            }

            FakeMessage message = datagrams ? await datagram.ReadAsync() : await connection!.ReadAsync();
            byte[] pong = Answers.Ping(message.Id, framed: !datagrams);
            await (datagrams ? datagram.SendAsync(pong) : connection!.SendAsync(pong));
            await first;
        }

        // A collection that another test's thread causes between two readings counts what was left of this thread's allocation
        // context, so a few calls may seem to allocate. One that really does shows in every reading.
        Assert.InRange(allocated.Skip(200).Count(bytes => bytes > 0), 0, 5);
    }
}
