using FastMixer.Client.Connections;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Tests;

/// <summary>A client knows of which policy each verdict is, or that nobody can know.</summary>
public sealed class PolicyTests : ClientTest
{
    [Fact(Timeout = Guard)]
    public async Task Verdict_OnAStream_IsOfThePolicyToldLast()
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);
        using AttributeWriter attributes = Attributes();
        ValueTask<Verdict> early = client.CheckAsync(attributes);
        FakeConnection connection = await server.AcceptAsync();
        FakeMessage hello = await connection.ReadAsync();
        FakeMessage first = await connection.ReadAsync();
        Assert.Equal(HelloFeatures.PolicyChanges, hello.Features());
        Assert.Equal(0ul, client.Policy);

        await connection.SendAsync(Answers.Welcome(hello.Id, policy: 5), Answers.Verdict(first.Id));
        Assert.Equal(5ul, (await early).Policy);
        Assert.Equal(5ul, client.Policy);

        await connection.SendAsync(Answers.PolicyChanged(ulong.MaxValue), Answers.Ping(1, MessageKind.Ping));
        await connection.ReadAsync();
        Assert.Equal(ulong.MaxValue, client.Policy);
        ValueTask<Verdict> late = client.CheckAsync(attributes);
        await connection.SendAsync(Answers.Verdict((await connection.ReadAsync()).Id));
        Verdict verdict = await late;
        Assert.Equal((ulong.MaxValue, 10), (verdict.Policy, verdict.ValidUseCount));
    }

    // Also where the policy is the same again in the end: there was another in between, which may have given the verdict.
    [Theory(Timeout = Guard)]
    [InlineData(6)]
    [InlineData(5)]
    public async Task Verdict_OfACheckThatWasSentBeforeAnAnnouncement_IsNotReused(ulong then)
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);
        using AttributeWriter attributes = Attributes();
        ValueTask<Verdict> call = client.CheckAsync(attributes);
        FakeConnection connection = await server.AcceptAsync();
        FakeMessage hello = await connection.ReadAsync();
        FakeMessage check = await connection.ReadAsync();

        await connection.SendAsync(
            Answers.Welcome(hello.Id, policy: 5), Answers.PolicyChanged(then), Answers.Verdict(check.Id, StatusCode.PermissionDenied, "no"));
        Verdict verdict = await call;

        Assert.Equal((StatusCode.PermissionDenied, "no"), (verdict.Status, verdict.Message));
        Assert.Equal((0ul, TimeSpan.Zero, 0), (verdict.Policy, verdict.ValidDuration, verdict.ValidUseCount));
        Assert.Equal(then, client.Policy);
    }

    [Fact(Timeout = Guard)]
    public async Task Verdict_OfAServerThatTellsNoPolicy_IsOfNone()
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);
        using AttributeWriter attributes = Attributes();
        ValueTask<Verdict> call = client.CheckAsync(attributes);
        FakeConnection connection = await server.WelcomeAsync();
        await connection.SendAsync(Answers.Verdict((await connection.ReadAsync()).Id));
        Verdict verdict = await call;
        Assert.Equal((0ul, 10), (verdict.Policy, verdict.ValidUseCount));
        Assert.Equal(0ul, client.Policy);
    }

    [Fact(Timeout = Guard)]
    public async Task Verdict_ByDatagram_TellsItsPolicy_AndTheOneAskedForLastIsThatOfTheServer()
    {
        using var server = new FakeDatagramServer();
        await using MixerConnection client = Connect(server.Address);
        using AttributeWriter attributes = Attributes();
        ValueTask<Verdict> first = client.CheckAsync(attributes);
        FakeMessage firstMessage = await server.ReadAsync();
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        ValueTask<Verdict> second = client.CheckAsync(attributes);
        FakeMessage secondMessage = await server.ReadAsync();

        await server.SendAsync(Answers.VerdictOf(secondMessage.Id, policy: 6));
        Assert.Equal(6ul, (await second).Policy);
        await server.SendAsync(Answers.VerdictOf(firstMessage.Id, policy: 5));
        Assert.Equal(5ul, (await first).Policy);
        Assert.Equal(6ul, client.Policy);

        ValueTask<Verdict> third = client.CheckAsync(attributes);
        await server.SendAsync(Answers.Verdict((await server.ReadAsync()).Id, framed: false));
        Assert.Equal(0ul, (await third).Policy);
        Assert.Equal(6ul, client.Policy);
    }
}
