using FastMixer.Client.Attributes;
using FastMixer.Client.Fleet;
using FastMixer.Client.Tests.Fleet;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Tests;

/// <summary>The client as an application has it, at its end.</summary>
public sealed class MixerClientTests : FleetTest
{
    [Fact(Timeout = Guard)]
    public async Task Dispose_OfSeveral_EndsOnce_AndChecksInFlightAreAnsweredAsWithoutServers()
    {
        using var server = new RunningServer { OnCheck = static _ => null };
        var client = new MixerClient(new MixerClientOptions { Servers = new FleetOptions { Addresses = [server.Address] } }, clock: Clock);
        using RequestAttributes request = client.Rent();
        request.Set("request.path", "/");
        Task<CheckResult> check = client.CheckAsync(request, Token).AsTask();
        Task<CheckResult> taking = client.CheckAsync(request, [new QuotaRequest("rate", 1)], Token).AsTask();
        await UntilAsync(() => server.Checks == 2);
        client.Report(request);

        Task[] ends = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () => await client.DisposeAsync(), Token))];
        await Task.WhenAll(ends);
        await client.DisposeAsync();

        Assert.Equal((StatusCode.Unavailable, CheckOrigin.Unavailable), ((await check).Status, (await check).Origin));
        Assert.Equal((StatusCode.Unavailable, CheckOrigin.Unavailable), ((await taking).Status, (await taking).Origin));
        Assert.Equal((1, 0), (client.Statistics.Reports.Acknowledged, client.Statistics.Reports.Held));
        await client.FlushAsync(Token);
        Assert.False(client.Report(request));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await client.CheckAsync(request, Token));
    }
}
