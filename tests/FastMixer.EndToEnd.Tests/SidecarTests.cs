using FastMixer.Client;
using FastMixer.Client.Attributes;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Messages;

namespace FastMixer.EndToEnd.Tests;

/// <summary>What a proxy links, against a real server.</summary>
public sealed class SidecarTests
{
    [Theory]
    [InlineData(Transport.Tcp)]
    [InlineData(Transport.Unix)]
    [InlineData(Transport.Udp)]
    public async Task ACheck_IsAnsweredByTheServerOnceAndThenByTheProcess(Transport transport)
    {
        await using TestServer server = TestServer.Start();
        await using MixerClient client = Connect(server, transport);
        Assert.Equal((StatusCode.PermissionDenied, "closed.istio-system:not here", CheckOrigin.Server), await CheckAsync(client, "/admin"));
        Assert.Equal((StatusCode.PermissionDenied, "closed.istio-system:not here", CheckOrigin.Cache), await CheckAsync(client, "/admin"));
        Assert.Equal((StatusCode.Ok, string.Empty, CheckOrigin.Server), await CheckAsync(client, "/"));
    }

    [Fact]
    public async Task Records_ReachTheServer()
    {
        await using TestServer server = TestServer.Start();
        await using MixerClient client = Connect(server, Transport.Tcp);
        for (int i = 0; i < 1_000; i++)
        {
            using RequestAttributes record = client.Rent();
            record.Set("request.path", $"/{i}");
            record.Set("response.code", 200);
            Assert.True(client.Report(record));
        }

        await client.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1_000, client.Statistics.Reports.Acknowledged);
    }

    private static MixerClient Connect(TestServer server, Transport transport) => new(new MixerClientOptions
    {
        Servers = new() { Addresses = [server.Address(transport).ToString()] },
        Base = attributes => attributes.Set("source.namespace", "shop"),
    });

    private static async Task<(StatusCode Status, string Message, CheckOrigin Origin)> CheckAsync(MixerClient client, string path)
    {
        using RequestAttributes request = client.Rent();
        request.Set("request.path", path);
        CheckResult result = await client.CheckAsync(request, TestContext.Current.CancellationToken);
        return (result.Status, result.Message, result.Origin);
    }
}
