using System.Diagnostics;
using System.Diagnostics.Metrics;
using FastMixer.Client;
using FastMixer.Client.Attributes;
using FastMixer.Client.Diagnostics;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Protocol.Addresses;
using Microsoft.Extensions.DependencyInjection;

namespace FastMixer.EndToEnd.Tests;

/// <summary>The client as a part of an application: its services, its metrics and its activities.</summary>
public sealed class SidecarHostingTests
{
    [Fact]
    public async Task Services_HaveOneClient_WhichSendsWhatWaitsWhenTheyEnd()
    {
        await using TestServer server = TestServer.Start();
        MixerClient client;
        await using (ServiceProvider services = new ServiceCollection().AddMixerClient(OptionsFor(server)).BuildServiceProvider())
        {
            client = services.GetRequiredService<MixerClient>();
            Assert.Same(client, services.GetRequiredService<MixerClient>());
            using RequestAttributes record = client.Rent();
            record.Set("request.path", "/a");
            Assert.True(client.Report(record));
        }

        Assert.Equal(1, client.Statistics.Reports.Acknowledged);
        Assert.Equal(0, client.Statistics.Reports.Held);
    }

    [Fact]
    public async Task Checks_AreCountedByOrigin_AndThoseOfServersAreActivities()
    {
        await using TestServer server = TestServer.Start();
        await using var client = new MixerClient(OptionsFor(server));
        var origins = new Dictionary<string, long>();
        var activities = new List<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ClientDiagnostics.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (activities)
                {
                    activities.Add($"{activity.OperationName} {activity.GetTagItem("fastmixer.status")}");
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using (RequestAttributes request = client.Rent())
        {
            // A path that no other test's client asks for at the moment.
            request.Set("request.path", "/admin/of-hosting");
            Assert.False((await client.CheckAsync(request, TestContext.Current.CancellationToken)).IsAllowed);
            Assert.Equal(CheckOrigin.Cache, (await client.CheckAsync(request, TestContext.Current.CancellationToken)).Origin);
        }

        Read(client, origins);
        Assert.Equal((1, 1), (origins["cache"], origins["server"]));
        lock (activities)
        {
            Assert.Contains("fastmixer.check PermissionDenied", activities);
        }
    }

    [Fact]
    public void Options_OutOfRange_NameTheOptionTheValueAndTheRange()
    {
        MixerClientOptions options = new() { Servers = new() { Addresses = ["tcp://127.0.0.1:1"] } };
        Assert.Equal("CacheSets is 0: expected 1 to 32768.", Problem(options with { CacheSets = 0 }));
        Assert.Equal("StaleFor is -00:00:01: expected 00:00:00 to 1.00:00:00.", Problem(options with { StaleFor = TimeSpan.FromSeconds(-1) }));
        Assert.Equal("Quotas.MostAhead is 1: expected 2 to 1000000000.", Problem(options with { Quotas = new() { LeastAhead = 2, MostAhead = 1 } }));
        Assert.Equal("Reports.BatchRecords is 0: expected 1 to 10000.", Problem(options with { Reports = new() { BatchRecords = 0 } }));
        Assert.Contains("Addresses", Problem(options with { Servers = new() { Addresses = [] } }), StringComparison.Ordinal);
        Assert.Contains("nonsense", Problem(options with { Servers = new() { Addresses = ["nonsense"] } }), StringComparison.Ordinal);
    }

    private static string Problem(MixerClientOptions options) => Assert.ThrowsAny<ArgumentException>(() => new MixerClient(options)).Message;

    private static MixerClientOptions OptionsFor(TestServer server) => new() { Servers = new() { Addresses = [server.Address(Transport.Tcp).ToString()] } };

    // Other tests have clients, whose meters have the same name: this one is told by its scope.
    private static void Read(MixerClient client, Dictionary<string, long> origins)
    {
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "fastmixer.client.checks" && ReferenceEquals(instrument.Meter.Scope, client))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<long>((_, value, tags, _) => origins[(string)tags[0].Value!] = value);
        meters.Start();
        meters.RecordObservableInstruments();
    }
}
