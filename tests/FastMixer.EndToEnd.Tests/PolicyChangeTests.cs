using System.Net.Sockets;
using FastMixer.Client.Connections;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.EndToEnd.Tests;

/// <summary>Clients know of which policy each verdict is, whenever another comes into force.</summary>
public sealed class PolicyChangeTests
{
    private const string One = "policy one";
    private const string Two = "policy two";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnotherPolicy_IsAnnouncedToWhoAsked_OnceAndUnasked()
    {
        await using TestServer server = TestServer.Start(WatchedServer.Deny(One));
        ulong before = server.Engine.Current.Policy.Digest;
        using var client = new RawClient(server.Address(Transport.Tcp));
        client.Send(RawClient.Hello(features: HelloFeatures.PolicyChanges));
        Assert.Equal(before, client.Read().Policy);

        server.Engine.Replace(TestServer.Load(WatchedServer.Deny(One)));
        server.Engine.Replace(TestServer.Load(WatchedServer.Deny(Two)));
        Answer announced = client.Read();
        client.Send(RawClient.Ping(9));

        ulong after = server.Engine.Current.Policy.Digest;
        Assert.NotEqual(before, after);
        Assert.Equal((MessageKind.PolicyChanged, 0u, after), (announced.Kind, announced.Id, announced.Policy));
        Assert.Equal(MessageKind.Pong, client.Read().Kind);
    }

    [Fact]
    public async Task AnotherPolicy_IsNotAnnouncedToWhoDidNotAsk()
    {
        await using TestServer server = TestServer.Start(WatchedServer.Deny(One));
        using RawClient silent = new RawClient(server.Address(Transport.Tcp)).Greet();
        using var told = new RawClient(server.Address(Transport.Tcp));
        told.Send(RawClient.Hello(features: (HelloFeatures)uint.MaxValue));
        Assert.Equal(MessageKind.Welcome, told.Read().Kind);

        server.Engine.Replace(TestServer.Load(WatchedServer.Deny(Two)));
        Assert.Equal(MessageKind.PolicyChanged, told.Read().Kind);
        silent.Send(RawClient.Check(5, "/"));
        silent.Send(RawClient.Ping(9));

        Assert.Equal(MessageKind.Verdict, silent.Read().Kind);
        Assert.Equal(MessageKind.Pong, silent.Read().Kind);
    }

    [Fact]
    public async Task AnotherPolicy_IsAnnouncedToAll()
    {
        await using TestServer server = TestServer.Start(WatchedServer.Deny(One));
        MixerConnection[] clients = [.. Enumerable.Range(0, 100).Select(i => server.Connect(i % 2 == 0 ? Transport.Tcp : Transport.Unix))];
        await Task.WhenAll(clients.Select(client => client.ConnectAsync(Token).AsTask()));
        ulong before = server.Engine.Current.Policy.Digest;
        Assert.All(clients, client => Assert.Equal(before, client.Policy));

        server.Engine.Replace(TestServer.Load(WatchedServer.Deny(Two)));

        ulong after = server.Engine.Current.Policy.Digest;
        await Eventually.TrueAsync(() => Array.TrueForAll(clients, client => client.Policy == after));
        foreach (MixerConnection client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task Verdicts_UnderLoadAndChanges_AreOfThePolicyTheySay()
    {
        await using TestServer server = TestServer.Start(WatchedServer.Deny(One));
        var one = TestServer.Load(WatchedServer.Deny(One));
        var two = TestServer.Load(WatchedServer.Deny(Two));
        var names = new Dictionary<ulong, string> { [one.Digest] = One, [two.Digest] = Two };
        await using MixerConnection client = server.Connect(Transport.Tcp);
        await client.ConnectAsync(Token);
        using var stop = new CancellationTokenSource();
        Task<int>[] askers = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(() => AskAsync(client, names, stop.Token), Token))];

        for (int i = 0; i < 200; i++)
        {
            server.Engine.Replace(TestServer.Load(WatchedServer.Deny(i % 2 == 0 ? Two : One)));
            await Task.Yield();
        }

        await stop.CancelAsync();
        int[] known = await Task.WhenAll(askers);
        await Eventually.TrueAsync(() => client.Policy == server.Engine.Current.Policy.Digest);
        Assert.All(known, count => Assert.True(count > 0, "not one verdict was of a known policy"));
    }

    [Fact]
    public async Task ClientThatReadsNothing_HoldsUpNeitherReloadsNorOthers()
    {
        await using TestServer server = TestServer.Start(WatchedServer.Deny(One));
        using var deaf = new RawClient(server.Address(Transport.Tcp));
        deaf.Send(RawClient.Hello(features: HelloFeatures.PolicyChanges));
        Assert.Equal(MessageKind.Welcome, deaf.Read().Kind);
        Stuff(deaf.Socket);
        await using MixerConnection client = server.Connect(Transport.Tcp);
        await client.ConnectAsync(Token);

        for (int i = 0; i < 50; i++)
        {
            server.Engine.Replace(TestServer.Load(WatchedServer.Deny(i % 2 == 0 ? Two : One)));
        }

        await Eventually.TrueAsync(() => client.Policy == server.Engine.Current.Policy.Digest);
    }

    [Fact]
    public async Task Datagrams_TellThePolicy_WhereItFits()
    {
        await using TestServer server = TestServer.Start();
        await using MixerConnection client = server.Connect(Transport.Udp);
        using var attributes = new AttributeWriter();
        attributes.Set("request.path", "/admin");

        Welcome welcome = await client.ConnectAsync(Token);
        Verdict first = await client.CheckAsync(attributes, Token);
        server.Engine.Replace(TestServer.Load(TestServer.Policy.Replace("not here", "nor there", StringComparison.Ordinal)));
        Verdict second = await client.CheckAsync(attributes, Token);

        Assert.Equal(welcome.Policy, first.Policy);
        Assert.NotEqual(first.Policy, second.Policy);
        Assert.Equal((server.Engine.Current.Policy.Digest, client.Policy), (second.Policy, second.Policy));
    }

    [Fact]
    public async Task QuotaReferences_AreTold_AndTheFirstToBeLeftOut()
    {
        await using TestServer server = TestServer.Start();
        await using MixerConnection stream = server.Connect(Transport.Tcp);
        using var attributes = new AttributeWriter();
        attributes.Set("request.path", "/books");
        QuotaRequest[] quotas = [new("requests", 1), new("nobody limits this", 1)];

        Verdict whole = await stream.CheckAsync(attributes, quotas, null, Token);
        Verdict[] cut = await Task.WhenAll(Enumerable.Range(78, 80).Select(padding => AskAsync(server, attributes, quotas, padding)));

        Assert.Equal("request.path", Assert.Single(whole.Quotas[0].Referenced!).Name);
        Assert.Empty(whole.Quotas[1].Referenced!);
        Assert.Contains(cut, verdict => verdict.Quotas[0].Referenced is null && verdict.Policy != 0);
        Assert.Contains(cut, verdict => verdict.Quotas[0].Referenced is not null);
        Assert.All(cut, verdict => Assert.True(verdict.Policy != 0 || verdict.Quotas[0].Referenced is null));
    }

    private static async Task<Verdict> AskAsync(TestServer server, AttributeWriter attributes, QuotaRequest[] quotas, int padding)
    {
        await using var client = new MixerConnection(new MixerConnectionOptions
        {
            Server = server.Address(Transport.Udp),
            Timeout = TimeSpan.FromSeconds(20),
            DatagramPadding = padding,
        });
        return await client.CheckAsync(attributes, quotas, "d", Token);
    }

    // How many verdicts were of a policy that is known; each must be what that policy says.
    private static async Task<int> AskAsync(MixerConnection client, Dictionary<ulong, string> names, CancellationToken stop)
    {
        int known = 0;
        using var attributes = new AttributeWriter();
        while (!stop.IsCancellationRequested || known == 0)
        {
            Verdict verdict = await client.CheckAsync(attributes, Token);
            if (verdict.Policy != 0)
            {
                known++;
                Assert.Equal(names[verdict.Policy], WatchedServer.NameOf(verdict));
            }
            else
            {
                Assert.Equal((TimeSpan.Zero, 0), (verdict.ValidDuration, verdict.ValidUseCount));
            }
        }

        return known;
    }

    // Asks until the connection takes no more, and so the server's answers wait too.
    private static void Stuff(Socket socket)
    {
        socket.Blocking = false;
        byte[] checks = [.. Enumerable.Range(0, 1000).SelectMany(i => RawClient.Check((uint)(i + 2), "/"))];
        SocketError error = SocketError.Success;
        while (error == SocketError.Success)
        {
            socket.Send(checks, SocketFlags.None, out error);
        }

        Assert.Equal(SocketError.WouldBlock, error);
    }
}
