using System.Net;
using FastMixer.Client.Fleet;
using FastMixer.Client.Fleet.Naming;
using FastMixer.Client.Fleet.Servers;

namespace FastMixer.Client.Tests.Fleet;

public sealed class NamingTests : FleetTest
{
    private readonly FakeResolver _resolver = new();

    [Fact(Timeout = Guard)]
    public async Task Dns_AddsAndDrainsServers_AndTheyKeepTheirNumbers()
    {
        _resolver.Addresses = [IPAddress.Loopback];
        await using ServerFleet fleet = Fleet(["dns://mixer.test:7001"], resolver: _resolver);
        await UntilAsync(() => Addresses(fleet) is ["tcp://127.0.0.1:7001"]);
        _resolver.Addresses = [IPAddress.Parse("127.0.0.2"), IPAddress.IPv6Loopback];
        await UntilAsync(() => Addresses(fleet) is ["tcp://127.0.0.2:7001", "tcp://[::1]:7001"], TimeSpan.FromSeconds(1));
        _resolver.Addresses = [IPAddress.Loopback];
        await UntilAsync(() => Addresses(fleet) is ["tcp://127.0.0.1:7001"], TimeSpan.FromSeconds(1));
    }

    [Fact(Timeout = Guard)]
    public async Task Dns_ServerThatLeaves_AnswersWhatItWasAsked_AndKeepsItsNumber()
    {
        using var server = new RunningServer();
        _resolver.Addresses = [IPAddress.Loopback];
        FakeMessage? held = null;
        server.OnCheck = message =>
        {
            held = message;
            return null;
        };
        await using ServerFleet fleet = Fleet([$"dns://mixer.test:{server.Port}"], o => o with { DnsRefresh = TimeSpan.FromSeconds(1) }, _resolver);
        using CheckQuestion question = Question(time: TimeSpan.FromMinutes(1));
        ValueTask<ServedVerdict> check = fleet.CheckAsync(question, Token);
        await UntilAsync(() => held is not null);
        _resolver.Addresses = [IPAddress.Parse("127.0.0.9")];
        Clock.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() => Addresses(fleet) is [var only] && only.Contains("127.0.0.9", StringComparison.Ordinal));
        await server.SendToAllAsync(Answers.Verdict(held!.Id));
        Assert.Equal(0, (await check).Server);

        server.OnCheck = message => Answers.Verdict(message.Id);
        _resolver.Addresses = [IPAddress.Loopback];
        await UntilAsync(() => Addresses(fleet)[0] == server.Address, TimeSpan.FromMilliseconds(100));
        using CheckQuestion again = Question(time: TimeSpan.FromMinutes(1));
        Assert.Equal(0, (await fleet.CheckAsync(again, Token)).Server);
    }

    [Fact(Timeout = Guard)]
    public async Task Names_ThatCantBeLookedUp_LeaveTheServersAsTheyWere()
    {
        _resolver.Addresses = [IPAddress.Loopback];
        await using ServerFleet fleet = Fleet(["dns://mixer.test:7001"], resolver: _resolver);
        await UntilAsync(() => Addresses(fleet).Length == 1);
        _resolver.Addresses = null;
        int asked = _resolver.Asked;
        await UntilAsync(() => _resolver.Asked > asked + 2, TimeSpan.FromSeconds(1));
        Assert.Equal(["tcp://127.0.0.1:7001"], Addresses(fleet));
        _resolver.Addresses = [];
        asked = _resolver.Asked;
        await UntilAsync(() => _resolver.Asked > asked + 2, TimeSpan.FromSeconds(1));
        Assert.Equal(["tcp://127.0.0.1:7001"], Addresses(fleet));
    }

    [Fact(Timeout = Guard)]
    public async Task Check_WaitsForTheFirstLookUp_AndSaysSoIfItDoesNotCome()
    {
        using var server = new RunningServer();
        _resolver.Addresses = null;
        await using ServerFleet fleet = Fleet([$"dns://mixer.test:{server.Port}"], resolver: _resolver);
        using CheckQuestion late = Question();
        Task<ServedVerdict> check = fleet.CheckAsync(late, Token).AsTask();
        await UntilAsync(() => check.IsCompleted, TimeSpan.FromMilliseconds(50));
        Assert.Contains("mixer.test", (await Assert.ThrowsAsync<MixerUnavailableException>(() => check)).Message, StringComparison.Ordinal);

        using CheckQuestion question = Question(time: TimeSpan.FromMinutes(10));
        check = fleet.CheckAsync(question, Token).AsTask();
        _resolver.Addresses = [IPAddress.Loopback];
        await UntilAsync(() => check.IsCompleted, TimeSpan.FromMilliseconds(50));
        await check;
    }

    [Fact(Timeout = Guard)]
    public async Task Srv_GoesByPriorityAndWeight_AndIsRefreshedByItsTimeToLive()
    {
        using var a = new RunningServer();
        using var b = new RunningServer();
        using var spare = new RunningServer();
        SrvTarget first = new("127.0.0.1", a.Port, 1, 90, TimeSpan.FromSeconds(5));
        SrvTarget second = first with { Port = b.Port, Weight = 10 };
        _resolver.Targets = [first, second, first with { Port = spare.Port, Priority = 2, Weight = 50 }];
        await using ServerFleet fleet = Fleet(["srv://_mixer._tcp.test"], o => o with { LoadSlack = 100 }, _resolver);
        await UntilAsync(() => Addresses(fleet).Length == 3);
        Assert.Equal([(1, 90.0), (1, 10.0), (2, 50.0)], fleet.Counts.Servers.Select(server => (server.Priority, server.Weight)));
        for (ulong route = 0; route < 100; route++)
        {
            using CheckQuestion question = Question(route: route);
            await fleet.CheckAsync(question, Token);
        }

        Assert.InRange(a.Checks, 75, 99);
        Assert.Equal(100, a.Checks + b.Checks);

        // The spare one is asked when both others are out.
        a.Kill();
        b.Kill();
        await UntilAsync(() => fleet.Counts.Servers.Count(server => server.State == ServerState.Out) == 2);
        using CheckQuestion last = Question();
        await fleet.CheckAsync(last, Token);
        Assert.Equal(1, spare.Checks);

        _resolver.Targets = [first with { Port = spare.Port, Weight = 0 }];
        int asked = _resolver.Asked;
        Clock.Advance(TimeSpan.FromMilliseconds(4900));
        await Task.Yield();
        Assert.Equal(asked, _resolver.Asked);
        await UntilAsync(() => Addresses(fleet).Length == 1, TimeSpan.FromMilliseconds(100));
        Assert.Equal(0.01, fleet.Counts.Servers[0].Weight);
    }

    [Theory]
    [InlineData("http://a:1", "expected tcp://host:port, unix:///path, udp://host:port, dns://name:port or srv://_service._tcp.name")]
    [InlineData("srv://mixer.example.org", "expected srv://_service._tcp.name")]
    [InlineData("srv://_mixer._udp.example.org", "expected srv://_service._tcp.name")]
    [InlineData("dns://:1", "expected dns://host:port")]
    [InlineData("tcp://a:0", "expected 1 to 65535")]
    [InlineData("unix://a", "needs an absolute path")]
    public void Addresses_ThatAreNone_AreNamed(string address, string expected)
    {
        ArgumentException problem = Assert.Throws<ArgumentException>(() => FleetOptionsCheck.Read(new FleetOptions { Addresses = [address] }));
        Assert.Contains(address, problem.Message, StringComparison.Ordinal);
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_OutOfTheirRange_AreNamed_WithTheRange()
    {
        var good = new FleetOptions { Addresses = ["tcp://a:1"] };
        Assert.Single(FleetOptionsCheck.Read(good));
        (FleetOptions Options, string Expected)[] bad =
        [
            (good with { Addresses = [] }, "Servers.Addresses is empty"),
            (good with { LoadSlack = double.NaN }, "Servers.LoadSlack is NaN: expected 0.01 to 100."),
            (good with { Attempts = 17 }, "Servers.Attempts is 17: expected 1 to 16."),
            (good with { EjectAfter = 0 }, "Servers.EjectAfter is 0: expected 1 to 1000."),
            (good with { EjectionTime = TimeSpan.Zero }, "Servers.EjectionTime is 00:00:00: expected 00:00:00.0010000 to 1.00:00:00."),
            (good with { MaxEjectionTime = TimeSpan.FromMilliseconds(99) }, "expected 00:00:00.1000000 to 1.00:00:00."),
            (good with { SlowStart = TimeSpan.FromHours(2) }, "Servers.SlowStart is 02:00:00: expected 00:00:00 to 01:00:00."),
            (good with { HedgingBudget = 0 }, "Servers.HedgingBudget is 0: expected 0.001 to 1."),
            (good with { DnsRefresh = TimeSpan.FromMilliseconds(1) }, "Servers.DnsRefresh is"),
            (good with { MaxSrvRefresh = TimeSpan.FromDays(1) }, "Servers.MaxSrvRefresh is"),
            (good with { DatagramPadding = 15 }, "Servers.DatagramPadding is 15: expected 16 to 8192."),
            (good with { MaxInFlight = 0 }, "Servers.MaxInFlight is 0: expected 1 to 65536."),
        ];
        Assert.All(bad, one => Assert.Contains(
            one.Expected, Assert.Throws<ArgumentException>(() => FleetOptionsCheck.Read(one.Options)).Message, StringComparison.Ordinal));
    }

    private static string[] Addresses(ServerFleet fleet) => [.. fleet.Counts.Servers.Select(server => server.Address)];
}

/// <summary>Answers as its test says; null for a failure.</summary>
internal sealed class FakeResolver : INameResolver
{
    private int _asked;

    public IReadOnlyList<IPAddress>? Addresses { get; set; }

    public IReadOnlyList<SrvTarget>? Targets { get; set; }

    public int Asked => Volatile.Read(ref _asked);

    public Task<IReadOnlyList<IPAddress>> AddressesAsync(string name, CancellationToken cancellationToken) => Answer(Addresses, name);

    public Task<IReadOnlyList<SrvTarget>> TargetsAsync(string name, CancellationToken cancellationToken) => Answer(Targets, name);

    private Task<IReadOnlyList<T>> Answer<T>(IReadOnlyList<T>? answer, string name)
    {
        Interlocked.Increment(ref _asked);
        return answer is null ? Task.FromException<IReadOnlyList<T>>(new NameException($"{name}: no answer")) : Task.FromResult(answer);
    }
}
