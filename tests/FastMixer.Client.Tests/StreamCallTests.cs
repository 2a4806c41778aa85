using FastMixer.Client.Connections;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;

namespace FastMixer.Client.Tests;

public sealed class StreamCallTests : ClientTest
{
    [Theory(Timeout = Guard)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ConnectAsync_BaseAttributes_TravelInTheHello(bool unix)
    {
        using FakeServer server = unix ? FakeServer.Unix() : FakeServer.Tcp();
        using AttributeWriter ground = new();
        ground.Set("source.namespace", "shop");
        await using MixerConnection client = Connect(server.Address, o => o with { BaseAttributes = ground, Name = "tester" });
        ground.Clear();
        Task<Welcome> connecting = client.ConnectAsync().AsTask();
        FakeConnection connection = await server.AcceptAsync();
        FakeMessage hello = await connection.ReadAsync();
        Assert.Equal(1u, hello.Id);
        Assert.Equal("shop", hello.Attribute("source.namespace"));
        Assert.Equal(WordList.Version1Count, client.WordCount);
        await connection.SendAsync(Answers.Welcome(hello.Id, wordCount: 100));
        Welcome welcome = await connecting;
        Assert.Equal("fake/1", welcome.Software);
        Assert.Same(welcome, client.Server);
        Assert.Equal(100, client.WordCount);
        Assert.Equal(1, client.Statistics.Connections);
    }

    [Fact(Timeout = Guard)]
    public async Task CheckAsync_NotConnected_ConnectsAndSendsBehindTheHelloWithoutTheWelcome()
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);
        using AttributeWriter attributes = Attributes("/a");
        ValueTask<Verdict> call = client.CheckAsync(attributes);
        attributes.Clear();
        attributes.Set("request.path", "/overwritten");
        FakeConnection connection = await server.AcceptAsync();
        FakeMessage hello = await connection.ReadAsync();
        FakeMessage check = await connection.ReadAsync();
        Assert.Equal("/a", check.Attribute("request.path"));
        await connection.SendAsync(Answers.Welcome(hello.Id), Answers.Verdict(check.Id, StatusCode.PermissionDenied, "no"));
        Verdict verdict = await call;
        Assert.False(verdict.IsAllowed);
        Assert.Equal("no", verdict.Message);
        Assert.Equal("request.path", Assert.Single(verdict.Referenced).Name);
        Assert.Equal(3, Assert.Single(verdict.Quotas).Granted);
    }

    [Fact(Timeout = Guard)]
    public async Task CheckAsync_ManyInFlightAnsweredInReverse_EachGetsItsOwn()
    {
        const int Count = 500;
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);
        using AttributeWriter attributes = new();
        for (int round = 0; round < 3; round++)
        {
            var calls = new Task<Verdict>[Count];
            for (int i = 0; i < Count; i++)
            {
                attributes.Clear();
                attributes.Set("request.path", $"/{i}");
                calls[i] = client.CheckAsync(attributes).AsTask();
            }

            _connection ??= await server.WelcomeAsync();
            var checks = new List<FakeMessage>();
            for (int i = 0; i < Count; i++)
            {
                checks.Add(await _connection.ReadAsync());
            }

            Assert.Equal(Count, checks.Select(check => check.Id).Distinct().Count());
            checks.Reverse();
            await _connection.SendAsync([.. checks.Select(
                check => Answers.Verdict(check.Id, StatusCode.NotFound, check.Attribute("request.path")!))]);
            Verdict[] verdicts = await Task.WhenAll(calls);
            Assert.All(verdicts, (verdict, i) => Assert.Equal($"/{i}", verdict.Message));
        }
    }

    private FakeConnection? _connection;

    [Fact(Timeout = Guard)]
    public async Task CheckAsync_ManyThreads_EachGetsItsOwn()
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);
        Task[] threads = [.. Enumerable.Range(0, 4).Select(thread => Task.Run(async () =>
        {
            using AttributeWriter attributes = new();
            for (int i = 0; i < 500; i++)
            {
                attributes.Clear();
                attributes.Set("request.path", $"/{thread}/{i}");
                Verdict verdict = await client.CheckAsync(attributes);
                Assert.Equal($"/{thread}/{i}", verdict.Message);
            }
        }))];
        FakeConnection connection = await server.WelcomeAsync();
        for (int i = 0; i < 2000; i++)
        {
            FakeMessage check = await connection.ReadAsync();
            await connection.SendAsync(Answers.Verdict(check.Id, StatusCode.Ok, check.Attribute("request.path")!));
        }

        await Task.WhenAll(threads);
        Assert.Equal(0, client.Statistics.LateAnswers);
    }

    [Fact(Timeout = Guard)]
    public async Task CheckAsync_Quotas_TravelWithTheDeduplicationId()
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);
        using AttributeWriter attributes = Attributes();
        ValueTask<Verdict> call = client.CheckAsync(attributes, [new QuotaRequest("requests", 3)], "call-7");
        FakeConnection connection = await server.WelcomeAsync();
        FakeMessage check = await connection.ReadAsync();
        Assert.Equal("call-7", check.DeduplicationId(padded: false));
        Assert.Equal(new MixerConnectionOptions { Server = server.Address }.Timeout, check.Patience(padded: false));
        await connection.SendAsync(Answers.Verdict(check.Id));
        Assert.True((await call).IsAllowed);
        await Assert.ThrowsAsync<ArgumentException>(async () => await client.CheckAsync(attributes, [], new string('x', 65)));
    }

    [Fact(Timeout = Guard)]
    public async Task ReportAndPing_AreAnswered()
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);
        using AttributeWriter first = Attributes("/1");
        using AttributeWriter second = Attributes("/2");
        ValueTask<Acknowledgement> report = client.ReportAsync(new[] { first, second });
        ValueTask<TimeSpan> ping = client.PingAsync();
        FakeConnection connection = await server.WelcomeAsync();
        FakeMessage got = await connection.ReadAsync();
        Assert.Equal("/1", got.Attribute("request.path"));
        Clock.Advance(TimeSpan.FromMilliseconds(7));
        await connection.SendAsync(
            Answers.Ping((await connection.ReadAsync()).Id), Answers.Acknowledgement(got.Id, accepted: 1, refused: 1));
        Assert.Equal(new Acknowledgement(1, 1, TimeSpan.FromMilliseconds(20)), await report);
        Assert.Equal(TimeSpan.FromMilliseconds(7), await ping);
    }

    [Fact(Timeout = Guard)]
    public async Task Server_Pings_IsAnsweredByPong()
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);
        Task<Welcome> connecting = client.ConnectAsync().AsTask();
        FakeConnection connection = await server.WelcomeAsync();
        await connection.SendAsync(Answers.Ping(77, MessageKind.Ping));
        FakeMessage pong = await connection.ReadAsync();
        Assert.Equal((MessageKind.Pong, 77u), (pong.Kind, pong.Id));
        await connecting;
    }

    [Fact(Timeout = Guard)]
    public async Task RequestAboveTheServersFrameLimit_FailsAlone()
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);
        Task<Welcome> connecting = client.ConnectAsync().AsTask();
        FakeConnection connection = await server.WelcomeAsync(ProtocolLimits.Default with { MaxFrameBytes = 1000 });
        await connecting;
        using AttributeWriter large = Attributes(padding: 1000);
        MixerException problem = await Assert.ThrowsAsync<MixerException>(async () => await client.CheckAsync(large));
        Assert.Contains("1000 at most", problem.Message, StringComparison.Ordinal);
        using AttributeWriter small = Attributes();
        ValueTask<Verdict> call = client.CheckAsync(small);
        await connection.SendAsync(Answers.Verdict((await connection.ReadAsync()).Id));
        Assert.True((await call).IsAllowed);
    }

    [Fact(Timeout = Guard)]
    public async Task LargeFrames_BothWays_Arrive()
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);
        using AttributeWriter large = Attributes(padding: 60_000);
        ValueTask<Acknowledgement> call = client.ReportAsync(Enumerable.Repeat(large, 10).ToArray());
        ValueTask<Verdict> check = client.CheckAsync(large);
        FakeConnection connection = await server.WelcomeAsync();
        await connection.SendAsync(Answers.Acknowledgement((await connection.ReadAsync()).Id, 10, 0));
        Assert.Equal(10, (await call).Accepted);
        FakeMessage message = await connection.ReadAsync();
        await connection.SendAsync(Answers.LongVerdict(message.Id, 300_000));
        Assert.Equal(300_000, (await check).Message.Length);
    }

    [Fact(Timeout = Guard)]
    public async Task MoreThanMaxInFlight_FailsAtOnce()
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address, o => o with { MaxInFlight = 2 });
        ValueTask<TimeSpan> first = client.PingAsync();
        ValueTask<TimeSpan> second = client.PingAsync();
        MixerException problem = await Assert.ThrowsAsync<MixerException>(async () => await client.PingAsync());
        Assert.Contains("MaxInFlight", problem.Message, StringComparison.Ordinal);
        FakeConnection connection = await server.WelcomeAsync();
        await connection.SendAsync(Answers.Ping((await connection.ReadAsync()).Id), Answers.Ping((await connection.ReadAsync()).Id));
        await first;
        await second;
    }

    [Fact(Timeout = Guard)]
    public async Task DisposedAttributes_FailTheirCallOnly()
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);
        await Assert.ThrowsAnyAsync<Exception>(async () => await client.ReportAsync(new AttributeWriter[] { null! }));
        ValueTask<TimeSpan> ping = client.PingAsync();
        FakeConnection connection = await server.WelcomeAsync();
        FakeMessage message = await connection.ReadAsync();
        Assert.Equal(MessageKind.Ping, message.Kind);
        await connection.SendAsync(Answers.Ping(message.Id));
        await ping;
    }
}
