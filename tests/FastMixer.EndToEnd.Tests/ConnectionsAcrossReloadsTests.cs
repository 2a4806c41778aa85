using System.Runtime.CompilerServices;
using FastMixer.Client;
using FastMixer.Client.Connections;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Engine.Snapshots;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Server.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.EndToEnd.Tests;

/// <summary>What a connection keeps while the policy changes under it, and what it does not.</summary>
public sealed class ConnectionsAcrossReloadsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BaseAttributes_AreThere_UnderEveryPolicyThatTheyFit()
    {
        await using TestServer server = TestServer.Start(DenyTier("STRING", "\"gold\""));
        using var tier = new AttributeWriter();
        tier.Set("my.tier", "gold");
        await using MixerConnection client = server.Connect(Transport.Tcp, tier);
        using var none = new AttributeWriter();

        Verdict first = await client.CheckAsync(none, Token);
        server.Engine.Replace(TestServer.Load(DenyTier("STRING", "\"silver\"")));
        Verdict second = await client.CheckAsync(none, Token);
        server.Engine.Replace(TestServer.Load(DenyTier("STRING", "\"gold\"")));
        Verdict third = await client.CheckAsync(none, Token);

        Assert.Equal([false, true, false], new[] { first, second, third }.Select(verdict => verdict.IsAllowed));
        Assert.Equal(0, server.Server.Counters.BaseMisfits);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BaseAttributes_ThatAPolicyDeclaresOtherwise_EndTheConnection_InsteadOfBeingLeftOut(bool report)
    {
        await using TestServer server = TestServer.Start(DenyTier("STRING", "\"gold\""));
        using var tier = new AttributeWriter();
        tier.Set("my.tier", "gold");
        await using MixerConnection client = server.Connect(Transport.Tcp, tier);
        using var none = new AttributeWriter();
        Assert.False((await client.CheckAsync(none, Token)).IsAllowed);

        server.Engine.Replace(TestServer.Load(DenyTier("INT64", "3")));
        MixerErrorException error = await Assert.ThrowsAsync<MixerErrorException>(async () =>
        {
            _ = report ? (object)await client.ReportAsync(new[] { none }, Token) : await client.CheckAsync(none, Token);
        });
        await Eventually.TrueAsync(() => server.Server.Counters.Closed(CloseReason.ProtocolError) >= 1);

        Assert.Equal(ErrorCode.WrongType, error.Code);
        Assert.Contains("my.tier", error.Message, StringComparison.Ordinal);
        Assert.Contains("do not fit the policy any more", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Server.Counters.BaseMisfits);
        Assert.Equal(0, server.Engine.Counters.RecordsAccepted);
    }

    [Fact]
    public async Task ConnectionAtRest_KeepsNothingOfAReplacedPolicyInMemory()
    {
        var time = new FakeTimeProvider();
        await using TestServer server = TestServer.Start(time: time);
        using var client = new RawClient(server.Address(Transport.Tcp));
        client.Greet();
        client.Send(RawClient.Check(2, "/admin"));
        Assert.Equal(MessageKind.Verdict, client.Read().Kind);

        WeakReference<LiveSnapshot> replaced = Replace(server);
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            GC.Collect();
            return !replaced.TryGetTarget(out _);
        });

        client.Send(RawClient.Check(3, "/admin"));
        Answer answer = client.Read();
        Assert.Equal((MessageKind.Verdict, 3u), (answer.Kind, answer.Id));
        Assert.Equal(0, server.Engine.Counters.DrainTimeouts);
    }

    [Fact]
    public async Task KeptHandler_KeepsNothingOfAReplacedPolicyInMemory()
    {
        await using TestServer server = TestServer.Start();
        await using MixerConnection client = server.Connect(Transport.Tcp);
        using var record = new AttributeWriter();
        record.Set("request.path", "/books");
        await client.ReportAsync(new[] { record }, Token);
        await Eventually.TrueAsync(() => server.Engine.Counters.RecordsDelivered == 1);

        WeakReference<Instance> replaced = ReplaceAndFind(server, "entry.instance.istio-system");
        await client.ReportAsync(new[] { record }, Token);
        await Eventually.TrueAsync(() => server.Engine.Counters.RecordsDelivered == 2);

        await Eventually.TrueAsync(() =>
        {
            GC.Collect();
            return !replaced.TryGetTarget(out _);
        });
        Assert.Equal((3, 0), (server.Engine.Counters.HandlersKept, server.Engine.Counters.HandlersCreated));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<Instance> ReplaceAndFind(TestServer server, string instance)
    {
        IEnumerable<RuleAction> actions = server.Engine.Current.Policy.Rules.SelectMany(rule => rule.Actions);
        var replaced = new WeakReference<Instance>(actions.First(action => action.Instance.FullName == instance).Instance);
        server.Engine.Replace(TestServer.Load(TestServer.Policy));
        return replaced;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<LiveSnapshot> Replace(TestServer server)
    {
        var replaced = new WeakReference<LiveSnapshot>(server.Engine.Current);
        server.Engine.Replace(TestServer.Load(TestServer.Policy));
        return replaced;
    }

    private static string DenyTier(string type, string value) => $$"""
        kind: attributemanifest
        metadata: {name: mine}
        spec: {attributes: {my.tier: {valueType: {{type}} } } }
        ---
        kind: handler
        metadata: {name: closed}
        spec: {compiledAdapter: denier}
        ---
        kind: instance
        metadata: {name: any}
        spec: {compiledTemplate: checknothing}
        ---
        kind: rule
        metadata: {name: tier}
        spec:
          match: my.tier == {{value}}
          actions: [{handler: closed, instances: [any]}]

        """;
}
