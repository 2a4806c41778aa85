using CsCheck;
using FastMixer.Client.Attributes;
using FastMixer.Client.Fleet;
using FastMixer.Client.Fleet.Routing;
using FastMixer.Client.Fleet.Servers;
using FastMixer.Protocol.Addresses;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastMixer.Client.Tests.Fleet;

/// <summary>Choosing alone: the servers are never connected to.</summary>
public sealed class RoutingTests : FleetTest
{
    private const int Routes = 20_000;

    [Fact]
    public void Identify_AndScore_AreTheSameForEver()
    {
        // Clients of different builds must agree.
        Assert.Equal(0x283B_6614_9348_0434UL, Rendezvous.Identify("tcp://10.0.0.1:9191"));
        Assert.Equal(1.853, Rendezvous.Score(12345, Rendezvous.Identify("tcp://10.0.0.1:9191"), 1), precision: 3);
    }

    [Fact]
    public void Losing_OneOfN_MovesItsRoutesAlone_AndGainingOneTakesItsShare() => Gen.Int[2, 20].Sample(
        count =>
        {
            ulong[] identities = [.. Enumerable.Range(0, count).Select(i => Rendezvous.Identify($"tcp://10.0.0.{i}:9191"))];
            int lost = count / 2;
            ulong[] left = [.. identities.Where((_, i) => i != lost)];
            int moved = 0;
            for (ulong route = 0; route < Routes; route++)
            {
                ulong before = First(identities, Rendezvous.Mix(route));
                ulong after = First(left, Rendezvous.Mix(route));
                if (before != after)
                {
                    Assert.Equal(identities[lost], before);
                    moved++;
                }
            }

            // Six deviations of the binomial distribution around 1/N.
            double share = 1.0 / count;
            double deviation = Math.Sqrt(share * (1 - share) * Routes);
            Assert.InRange(moved, (share * Routes) - (6 * deviation), (share * Routes) + (6 * deviation));
        },
        iter: 20);

    [Fact]
    public void Score_SharesRoutesByWeight() => Gen.Double[0.1, 10].Array[2, 6].Sample(
        weights =>
        {
            ulong[] identities = [.. weights.Select((_, i) => Rendezvous.Identify($"tcp://10.1.0.{i}:9191"))];
            int[] got = new int[weights.Length];
            for (ulong route = 0; route < Routes; route++)
            {
                ulong mixed = Rendezvous.Mix(route);
                got[Enumerable.Range(0, weights.Length).MaxBy(i => Rendezvous.Score(mixed, identities[i], weights[i]))]++;
            }

            for (int i = 0; i < weights.Length; i++)
            {
                double share = weights[i] / weights.Sum();
                double deviation = Math.Sqrt(share * (1 - share) * Routes);
                Assert.InRange(got[i], (share * Routes) - (6 * deviation), (share * Routes) + (6 * deviation));
            }
        },
        iter: 20);

    [Fact]
    public void RecentLoad_HalvesEachSecond()
    {
        var load = new RecentLoad(Clock);
        for (int i = 0; i < 1000; i++)
        {
            load.Add(Clock.GetTimestamp());
        }

        Assert.Equal(1000, load.At(Clock.GetTimestamp()));
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(500, load.At(Clock.GetTimestamp()), precision: 0);
        Clock.Advance(TimeSpan.FromSeconds(1.5));
        Assert.Equal(176.8, load.At(Clock.GetTimestamp()), tolerance: 1);
        Clock.Advance(TimeSpan.FromDays(100));
        Assert.Equal(0, load.At(Clock.GetTimestamp()));
    }

    [Fact]
    public async Task RecentLoad_LosesNothingBetweenThreads()
    {
        var load = new RecentLoad(Clock);
        long now = Clock.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () =>
            {
                for (int i = 0; i < 25_000; i++)
                {
                    load.Add(now);
                }
            },
            Token)));
        Assert.Equal(100_000, load.At(now));
    }

    /// <summary>Clients that know nothing of each other, and a key that is half of all checks.</summary>
    [Theory]
    [InlineData(1, 4)]
    [InlineData(32, 4)]
    [InlineData(32, 10)]
    public async Task AHotKey_GivesTheBusiestAtMostAQuarterMoreThanTheMean(int clients, int count)
    {
        await using Fleets fleets = new(this, clients, count);
        int[] got = new int[count];
        var random = new Random(17);
        for (int i = 0; i < 40_000 * Math.Min(clients, 8); i++)
        {
            ulong route = random.Next(2) == 0 ? 42 : Rendezvous.Mix((ulong)random.Next(5000));
            got[fleets.Choose(random.Next(clients), route)]++;
            Clock.Advance(TimeSpan.FromMicroseconds(500.0 / clients));
        }

        Assert.InRange(got.Max() / got.Average(), 1, 1.25);
    }

    [Fact]
    public async Task UnderItsShare_ARouteStaysAtItsServer()
    {
        await using Fleets fleets = new(this, clients: 1, servers: 4);
        for (ulong route = 0; route < 500; route++)
        {
            int first = fleets.Choose(0, Rendezvous.Mix(route));
            Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(first, fleets.Choose(0, Rendezvous.Mix(route)));
            Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task Choosing_AllocatesNothing()
    {
        await using Fleets fleets = new(this, clients: 1, servers: 16);
        for (int i = 0; i < 1000; i++)
        {
            fleets.Choose(0, (ulong)i);
        }

        // A collection that another test causes may count what was left of an allocation context: one clean reading is proof.
        var readings = new List<long>();
        for (int round = 0; round < 20; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++)
            {
                fleets.Choose(0, (ulong)i);
            }

            readings.Add(GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Contains(0, readings);
    }

    private static ulong First(ulong[] identities, ulong route) => identities.MaxBy(identity => Rendezvous.Score(route, identity, 1));

    /// <summary>The choosers of clients, over servers that are known by name alone.</summary>
    private sealed class Fleets : IAsyncDisposable
    {
        private readonly List<(ServerChooser Chooser, FleetServer[] Servers)> _clients = [];

        public Fleets(RoutingTests test, int clients, int servers)
        {
            var options = new MixerClientOptions { Servers = new FleetOptions { Addresses = ["tcp://127.0.0.1:1"] } };
            var space = new AttributeSpace(options);
            for (int i = 0; i < clients; i++)
            {
                var context = new FleetContext(options, space, test.Clock, NullLogger.Instance);
                _clients.Add((
                    new ServerChooser(options.Servers.LoadSlack, test.Clock),
                    [.. Enumerable.Range(0, servers).Select(n => new FleetServer(MixerAddress.Parse($"tcp://10.2.0.{n}:9191"), (ushort)n, context))]));
            }
        }

        public int Choose(int client, ulong route) =>
            _clients[client].Chooser.Choose(_clients[client].Servers, route, failed: null, except: null, out _)!.Ordinal;

        public async ValueTask DisposeAsync()
        {
            foreach (FleetServer server in _clients.SelectMany(client => client.Servers))
            {
                await server.DisposeAsync();
            }
        }
    }
}
