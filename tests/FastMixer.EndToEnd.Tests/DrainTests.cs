using FastMixer.Client;
using FastMixer.Client.Connections;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Server.Diagnostics;

namespace FastMixer.EndToEnd.Tests;

public sealed class DrainTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_AnswersWhatCame_SaysGoodbye_AndClosesWhoNeverGreeted()
    {
        await using TestServer server = TestServer.Start(drain: TimeSpan.FromMinutes(1));
        using var silent = new RawClient(server.Address(Transport.Tcp));
        using var client = new RawClient(server.Address(Transport.Tcp));
        client.Greet();
        await Eventually.TrueAsync(() => server.Server.Connections == 2);
        client.Send([.. Enumerable.Range(2, 100).SelectMany(id => RawClient.Check((uint)id, "/books"))]);

        Task stopping = server.Server.StopAsync();
        Answer[] answers = [.. Enumerable.Range(0, 101).Select(_ => client.Read())];
        client.Send(RawClient.Check(500, "/books"));
        Answer late = client.Read();
        Assert.True(silent.IsClosed());
        Assert.False(stopping.IsCompleted);
        client.Dispose();
        await stopping;

        Assert.Single(answers, answer => answer.Kind == MessageKind.GoingAway);
        Assert.Equal(
            Enumerable.Range(2, 100).Select(id => (uint)id), answers.Where(answer => answer.Kind == MessageKind.Verdict).Select(answer => answer.Id));
        Assert.Equal((MessageKind.Verdict, 500u), (late.Kind, late.Id));
        Assert.Equal(1, server.Server.Counters.Closed(CloseReason.Drained));
        Assert.Equal(1, server.Server.Counters.Closed(CloseReason.ClosedByClient) + server.Server.Counters.Closed(CloseReason.Reset));
        Assert.Equal(0, server.Server.Connections);
    }

    [Fact]
    public async Task Stop_EndsAtTheGrace_WithClientsThatStay()
    {
        await using TestServer server = TestServer.Start(drain: TimeSpan.FromMilliseconds(50));
        using var client = new RawClient(server.Address(Transport.Tcp));
        client.Greet();

        await server.Server.StopAsync();

        Assert.Equal(MessageKind.GoingAway, client.Read().Kind);
        Assert.True(client.IsClosed());
        Assert.Equal(1, server.Server.Counters.Closed(CloseReason.Drained));
    }

    [Fact]
    public async Task Stop_UnderAClientAtWork_AnswersItsCalls_AndFailsLaterOnesCleanly()
    {
        await using TestServer server = TestServer.Start(drain: TimeSpan.FromMinutes(1));
        await using MixerConnection client = server.Connect(Transport.Tcp);
        using var attributes = new AttributeWriter();
        attributes.Set("request.path", "/books");
        await client.CheckAsync(attributes, Token);
        Task<Verdict>[] checks = [.. Enumerable.Range(0, 200).Select(_ => client.CheckAsync(attributes, Token).AsTask())];

        await server.Server.StopAsync();

        Assert.All(await Task.WhenAll(checks), verdict => Assert.True(verdict.IsAllowed));
        await Assert.ThrowsAnyAsync<MixerException>(async () => await client.CheckAsync(attributes, Token));
    }
}
