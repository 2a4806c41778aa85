using FastMixer.Client.Connections;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Client.Tests;

public sealed class DatagramTests : ClientTest
{
    [Fact(Timeout = Guard)]
    public async Task Requests_ArePaddedAndAnswered()
    {
        using var server = new FakeDatagramServer();
        await using MixerConnection client = Connect(server.Address);
        using AttributeWriter attributes = Attributes("/udp");
        ValueTask<Verdict> check = client.CheckAsync(attributes);
        FakeMessage message = await server.ReadAsync();
        Assert.Equal(256, message.Body.Length);
        Assert.Equal("/udp", message.Attribute("request.path", padded: true));
        await server.SendAsync(Answers.Verdict(message.Id, StatusCode.PermissionDenied, "no", framed: false));
        Assert.Equal("no", (await check).Message);

        ValueTask<Acknowledgement> report = client.ReportAsync(new[] { attributes });
        message = await server.ReadAsync();
        await server.SendAsync(Answers.Acknowledgement(message.Id, 1, 0, framed: false));
        Assert.Equal(1, (await report).Accepted);

        ValueTask<TimeSpan> ping = client.PingAsync();
        message = await server.ReadAsync();
        await server.SendAsync(Answers.Ping(message.Id, framed: false));
        await ping;

        ValueTask<Welcome> connect = client.ConnectAsync();
        message = await server.ReadAsync();
        await server.SendAsync(Answers.Welcome(message.Id, ProtocolLimits.Default with { MaxDatagramBytes = 600 }, framed: false));
        await connect;
        Assert.Equal(600, client.Server!.Limits.MaxDatagramBytes);
        using AttributeWriter large = Attributes(padding: 600);
        await Assert.ThrowsAsync<MixerException>(async () => await client.CheckAsync(large));
    }

    [Fact(Timeout = Guard)]
    public async Task Loss_TheSameBytesAreSentAgain_UpToTheAttempts()
    {
        using var server = new FakeDatagramServer();
        await using MixerConnection client = Connect(server.Address);
        using AttributeWriter attributes = Attributes();
        ValueTask<Verdict> check = client.CheckAsync(attributes, [new QuotaRequest("requests", 1)], null);
        FakeMessage lost = await server.ReadAsync();
        Assert.NotEmpty(lost.DeduplicationId(padded: true));
        Clock.Advance(TimeSpan.FromMilliseconds(400));
        FakeMessage again = await server.ReadAsync();
        Assert.Equal(lost.Body, again.Body);
        await server.SendAsync(Answers.Verdict(again.Id, framed: false));
        await check;
        Assert.Equal(1, client.Statistics.Retransmissions);

        ValueTask<TimeSpan> ping = client.PingAsync();
        for (int i = 0; i < 50 && !ping.IsCompleted; i++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(50));
        }

        await Assert.ThrowsAsync<MixerTimeoutException>(async () => await ping);
        Assert.Equal(3, client.Statistics.Retransmissions);
    }

    [Fact(Timeout = Guard)]
    public async Task TooBig_SaysToUseAStream()
    {
        using var server = new FakeDatagramServer();
        await using MixerConnection client = Connect(server.Address);
        using AttributeWriter large = Attributes(padding: 8192);
        MixerException problem = await Assert.ThrowsAsync<MixerException>(async () => await client.CheckAsync(large));
        Assert.Contains("use a stream", problem.Message, StringComparison.Ordinal);
        using AttributeWriter fits = Attributes(padding: 8100);
        ValueTask<Verdict> check = client.CheckAsync(fits);
        await server.SendAsync(Answers.Verdict((await server.ReadAsync()).Id, framed: false));
        await check;
    }

    [Fact(Timeout = Guard)]
    public async Task MalformedAndForeignAnswers_AreDroppedAndCounted()
    {
        using var server = new FakeDatagramServer();
        await using MixerConnection client = Connect(server.Address);
        ValueTask<TimeSpan> ping = client.PingAsync();
        uint id = (await server.ReadAsync()).Id;
        await server.SendAsync([1, 2, 3]);
        await server.SendAsync([]);
        await server.SendAsync(Answers.Verdict(id, framed: false));
        await server.SendAsync(Answers.Ping(id + 12345, framed: false));
        await server.SendAsync(Answers.Error(0, ErrorCode.Malformed, "not yours", framed: false));
        await server.SendAsync(Answers.Ping(id, framed: false));
        await ping;
        Assert.Equal(3, client.Statistics.MalformedAnswers);
        Assert.Equal(2, client.Statistics.LateAnswers);

        ValueTask<TimeSpan> wrong = client.PingAsync();
        await server.SendAsync(Answers.Error((await server.ReadAsync()).Id, ErrorCode.Overloaded, "later", framed: false));
        Assert.Equal(ErrorCode.Overloaded, (await Assert.ThrowsAsync<MixerErrorException>(async () => await wrong)).Code);
    }

    [Fact(Timeout = Guard)]
    public async Task NobodyListens_SaysSo()
    {
        MixerAddress address;
        using (var server = new FakeDatagramServer())
        {
            address = server.Address;
        }

        // The system's word that nobody listens comes on its own time, so this clock moves on until the call ends.
        await using MixerConnection client = Connect(address);
        Task<TimeSpan> ping = client.PingAsync().AsTask();
        while (!ping.IsCompleted)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            Clock.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        MixerException problem = await Assert.ThrowsAnyAsync<MixerException>(() => ping);
        Assert.Contains(address.ToString(), problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_OutOfRange_SayWhatWouldBeRight()
    {
        using var server = new FakeDatagramServer();
        using var ground = new AttributeWriter();
        ArgumentException problem = Assert.Throws<ArgumentException>(() => Connect(server.Address, o => o with { BaseAttributes = ground }));
        Assert.Contains("no base attributes", problem.Message, StringComparison.Ordinal);
        problem = Assert.Throws<ArgumentException>(() => Connect(server.Address, o => o with { DatagramPadding = 9000 }));
        Assert.Contains("16 to 8192", problem.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Connect(server.Address, o => o with { MaxInFlight = 0 }));
        Assert.Throws<ArgumentException>(() => Connect(server.Address, o => o with { Timeout = TimeSpan.Zero }));
        Assert.Throws<ArgumentException>(() => Connect(server.Address, o => o with { Name = new string('n', 257) }));
    }
}
