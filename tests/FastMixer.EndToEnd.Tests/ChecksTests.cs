using System.Text;
using System.Text.Json;
using FastMixer.Client;
using FastMixer.Client.Connections;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.EndToEnd.Tests;

public sealed class ChecksTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Transport.Tcp)]
    [InlineData(Transport.Unix)]
    [InlineData(Transport.Udp)]
    public async Task Check_OverEachTransport_AllowsAndDenies(Transport transport)
    {
        await using TestServer server = TestServer.Start();
        await using MixerConnection client = server.Connect(transport);
        using var attributes = new AttributeWriter();
        attributes.Set("request.path", "/books");

        Verdict allowed = await client.CheckAsync(attributes, Token);
        attributes.Clear();
        attributes.Set("request.path", "/admin/users");
        Verdict denied = await client.CheckAsync(attributes, Token);

        Assert.True(allowed.IsAllowed);
        Assert.Equal(TimeSpan.FromMinutes(1), allowed.ValidDuration);
        Assert.Equal(10_000, allowed.ValidUseCount);
        Assert.Equal(StatusCode.PermissionDenied, denied.Status);
        Assert.Equal("closed.istio-system:not here", denied.Message);
        Assert.Equal(TimeSpan.FromSeconds(5), denied.ValidDuration);
        Assert.Equal(7, denied.ValidUseCount);
    }

    [Fact]
    public async Task Check_ReferencesExactlyWhatWasLookedUp()
    {
        await using TestServer server = TestServer.Start();
        await using MixerConnection client = server.Connect(Transport.Tcp);
        using var attributes = new AttributeWriter();
        attributes.Set("request.path", "/books");
        attributes.Set("request.headers", new Dictionary<string, string> { ["cookie"] = "user=jane" });
        attributes.Set("request.method", "GET");

        Verdict verdict = await client.CheckAsync(attributes, Token);

        Assert.Equal(
            [
                new ReferencedAttribute("destination.service.name", null, false),
                new ReferencedAttribute("request.headers", "x-role", false),
                new ReferencedAttribute("request.path", null, true),
            ],
            verdict.Referenced.OrderBy(reference => reference.Name, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Check_InheritsTheBaseAttributesOfTheHello_UnlessRemoved()
    {
        await using TestServer server = TestServer.Start();
        using var inherited = new AttributeWriter();
        inherited.Set("request.path", "/admin");
        await using MixerConnection client = server.Connect(Transport.Tcp, inherited);
        using var attributes = new AttributeWriter();
        attributes.Set("request.method", "GET");

        Verdict denied = await client.CheckAsync(attributes, Token);
        attributes.Remove("request.path");
        Verdict allowed = await client.CheckAsync(attributes, Token);

        Assert.False(denied.IsAllowed);
        Assert.True(allowed.IsAllowed);
    }

    [Fact]
    public async Task Check_GrantsQuotasByTheirRules()
    {
        await using TestServer server = TestServer.Start();
        await using MixerConnection client = server.Connect(Transport.Tcp);
        using var attributes = new AttributeWriter();

        Verdict verdict = await client.CheckAsync(attributes, [new QuotaRequest("Requests", 3), new QuotaRequest("unheard-of", 5)], "once", Token);

        Assert.Equal(
            [new QuotaGrant("Requests", 0, TimeSpan.Zero), new QuotaGrant("unheard-of", 5, TimeSpan.FromMinutes(1))],
            verdict.Quotas.Select(quota => quota with { Referenced = null }));
    }

    [Theory]
    [InlineData(Transport.Tcp)]
    [InlineData(Transport.Udp)]
    public async Task Check_WhoseInstanceCannotBeEvaluated_IsAnInternalErrorThatSaysWhy(Transport transport)
    {
        await using TestServer server = TestServer.Start();
        await using MixerConnection client = server.Connect(transport);
        using var attributes = new AttributeWriter();
        attributes.Set("destination.service.name", "ratings");
        // A datagram's error is as long as the datagram at most.
        attributes.Set("request.method", new string('x', 200));

        MixerErrorException error = await Assert.ThrowsAsync<MixerErrorException>(async () => await client.CheckAsync(attributes, Token));

        Assert.Equal(ErrorCode.Internal, error.Code);
        Assert.Contains("needsuser.instance.istio-system", error.Message, StringComparison.Ordinal);
        Assert.Contains("lookup failed: 'source.user'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Transport.Tcp)]
    [InlineData(Transport.Unix)]
    [InlineData(Transport.Udp)]
    public async Task Report_IsDeliveredAsJsonLines_EachRecordWhole(Transport transport)
    {
        TestServer server = TestServer.Start();
        await using (server)
        {
            await using MixerConnection client = server.Connect(transport);
            using var first = new AttributeWriter();
            first.Set("request.path", "/a");
            first.Set("response.code", 200L);
            first.SetDuration("response.duration", 20_000_000);
            using var second = new AttributeWriter();
            second.Set("request.path", "/b");
            second.Set("response.code", 200L);

            Acknowledgement acknowledgement = await client.ReportAsync(new[] { first, second }, Token);

            Assert.Equal(new Acknowledgement(2, 0, TimeSpan.Zero), acknowledgement);
        }

        JsonElement[] lines =
        [
            .. Encoding.UTF8.GetString(server.Output.ToArray())
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];
        Assert.Equal(["/a", "/b"], lines.Select(line => line.GetProperty("path").GetString()));
        Assert.Equal([200, 200], lines.Select(line => line.GetProperty("code").GetInt32()));
        Assert.Equal(["20ms", "0s"], lines.Select(line => line.GetProperty("took").GetString()));
        Assert.Equal(2, server.Engine.Counters.RecordsAccepted);
        Assert.Equal(2, server.Engine.Counters.RecordsDelivered);
    }

    [Fact]
    public async Task ManyChecksInFlight_AreAllAnsweredByTheirIds()
    {
        await using TestServer server = TestServer.Start();
        await using MixerConnection client = server.Connect(Transport.Tcp);
        using var attributes = new AttributeWriter();
        var checks = new List<Task<Verdict>>();
        for (int i = 0; i < 500; i++)
        {
            attributes.Clear();
            attributes.Set("request.path", i % 3 == 0 ? $"/admin/{i}" : $"/books/{i}");
            checks.Add(client.CheckAsync(attributes, Token).AsTask());
        }

        Verdict[] verdicts = await Task.WhenAll(checks);

        Assert.All(verdicts.Index(), pair => Assert.Equal(pair.Index % 3 != 0, pair.Item.IsAllowed));
    }
}
