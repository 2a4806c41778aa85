using System.Collections.Concurrent;
using FastMixer.Client;
using FastMixer.Client.Attributes;
using FastMixer.Client.Fleet;
using FastMixer.Client.Fleet.Routing;
using FastMixer.Client.Fleet.Servers;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastMixer.EndToEnd.Tests;

/// <summary>A fleet of real servers.</summary>
public sealed class FleetTests
{
    private const int Servers = 4;
    private const int Callers = 16;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RollingRestart_WithDrain_UnderLoad_FailsNoCheck()
    {
        await using var servers = new RestartingServers();
        await using ServerFleet fleet = Fleet(servers.Addresses);
        using var stop = new CancellationTokenSource();
        ConcurrentBag<Exception> failures = [];
        long answered = 0;
        Task[] callers =
        [
            .. Enumerable.Range(0, Callers).Select(caller => Task.Run(
                async () =>
                {
                    for (ulong i = 0; !stop.IsCancellationRequested; i++)
                    {
                        try
                        {
                            using CheckQuestion question = Question(Rendezvous.Mix(((ulong)caller << 32) | i));
                            await fleet.CheckAsync(question, Token);
                            Interlocked.Increment(ref answered);
                        }
                        catch (Exception exception)
                        {
                            failures.Add(exception);
                        }
                    }
                },
                Token)),
        ];
        for (int i = 0; i < Servers; i++)
        {
            await MoreAsync(500);
            await servers.RestartAsync(i, () => MoreAsync(500));
            await Eventually.TrueAsync(() => fleet.Counts.Servers[i].State == ServerState.In);
            await MoreAsync(500);
        }

        await stop.CancelAsync();
        await Task.WhenAll(callers);
        Assert.Empty(failures);
        Assert.Equal(0, fleet.Counts.FailedChecks);
        Assert.True(fleet.Counts.Ejections >= Servers);

        async Task MoreAsync(long count)
        {
            long until = Interlocked.Read(ref answered) + count;
            await Eventually.TrueAsync(() => Interlocked.Read(ref answered) >= until || !failures.IsEmpty);
        }
    }

    [Fact]
    public async Task Datagrams_AndStreams_AreAnsweredAlike()
    {
        await using TestServer server = TestServer.Start();
        await using ServerFleet datagrams = Fleet([server.Address(Transport.Udp).ToString()]);
        await using ServerFleet streams = Fleet([server.Address(Transport.Tcp).ToString()]);
        using CheckQuestion question = Question(1);
        ServedVerdict byDatagram = await datagrams.CheckAsync(question, Token);
        ServedVerdict byStream = await streams.CheckAsync(question, Token);
        Assert.Equal(byStream.Verdict.Status, byDatagram.Verdict.Status);
        Assert.True(byDatagram.Verdict.ValidDuration > TimeSpan.Zero);
        Assert.Equal(0, datagrams.Counts.DatagramFallbacks);
        Assert.NotEqual(0ul, streams.Policies.Of(0));
        Assert.Equal(streams.Policies.Of(0), datagrams.Policies.Of(0));
    }

    private static ServerFleet Fleet(IReadOnlyList<string> addresses)
    {
        var options = new MixerClientOptions
        {
            Servers = new FleetOptions { Addresses = addresses, SlowStart = TimeSpan.FromMilliseconds(100) },
            Timeout = TimeSpan.FromSeconds(20),
        };
        return new ServerFleet(options, new AttributeSpace(options), TimeProvider.System, NullLogger.Instance);
    }

    private static CheckQuestion Question(ulong route)
    {
        var question = new CheckQuestion
        {
            Route = route,
            Deadline = TimeProvider.System.GetTimestamp() + (20 * TimeProvider.System.TimestampFrequency),
        };
        using var attributes = new AttributeWriter();
        attributes.Set("request.path", $"/books/{route % 100}");
        var writer = new WireWriter(question.BeyondBase.GetSpan(1024), framed: false);
        attributes.WriteTo(ref writer);
        Assert.True(writer.TryComplete(out int written));
        question.BeyondBase.Advance(written);
        question.Whole.Write(question.BeyondBase.Written);
        return question;
    }

    /// <summary>Servers that listen where they listened before when they come again.</summary>
    private sealed class RestartingServers : IAsyncDisposable
    {
        private readonly TestServer[] _servers = [.. Enumerable.Range(0, Servers).Select(_ => TestServer.Start())];
        private readonly MixerAddress[] _addresses;

        public RestartingServers() => _addresses = [.. _servers.Select(server => server.Address(Transport.Tcp))];

        public IReadOnlyList<string> Addresses => [.. _addresses.Select(address => address.ToString())];

        public async Task RestartAsync(int index, Func<Task> meanwhile)
        {
            await _servers[index].DisposeAsync();
            await meanwhile();
            _servers[index] = TestServer.StartAt(_addresses[index]);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (TestServer server in _servers)
            {
                await server.DisposeAsync();
            }
        }
    }
}
