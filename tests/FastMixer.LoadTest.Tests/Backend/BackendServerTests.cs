using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using FastMixer.LoadTest.Backend;
using FastMixer.LoadTest.Outage;
using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest.Tests.Backend;

/// <summary>The backend over real sockets, asked by the framework's client as the experiments ask it.</summary>
public sealed class BackendServerTests : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    [Fact]
    public async Task Ask_WhileUp_AllowsAndSaysForHowLong()
    {
        using var http = Client(Options with { Delay = TimeSpan.FromMilliseconds(1), MaxAge = TimeSpan.FromSeconds(7) });

        for (var i = 0; i < 3; i++)
        {
            using var answer = await http.PostAsJsonAsync("/authorize", "anything");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(7), answer.Headers.CacheControl!.MaxAge);
        }

        Assert.Equal(new BackendStatistics(3, 0, 0), BackendStatistics.Read(await http.GetByteArrayAsync(BackendStatistics.Path)));
        using var restarted = await http.PostAsync(BackendServer.RestartPath, content: null);
        Assert.Equal(new BackendStatistics(0, 0, 0), BackendStatistics.Read(await restarted.Content.ReadAsByteArrayAsync()));
    }

    [Fact]
    public async Task Ask_NeverAvailable_Is503AndNotToBeStored()
    {
        using var http = Client(Options with { Availability = 0 });
        using var answer = await http.PostAsJsonAsync("/authorize", "anything");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Ask_DownByReset_BreaksTheConnectionAndStillTellsStatistics()
    {
        using var http = Client(Down(OutageManner.Reset));

        await Assert.ThrowsAsync<HttpRequestException>(() => http.PostAsJsonAsync("/authorize", "anything"));
        var statistics = BackendStatistics.Read(await http.GetByteArrayAsync(BackendStatistics.Path));
        Assert.True(statistics.Down > 0);
        Assert.Equal(0, statistics.Answered);
    }

    [Fact]
    public async Task Ask_DownByRefusal_Is503()
    {
        using var http = Client(Down(OutageManner.Refuse));
        using var answer = await http.PostAsJsonAsync("/authorize", "anything");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Fact]
    public async Task CheckAsync_OfTheDirectClient_TellsDecisionsFromFailures()
    {
        using var client = new DirectClient(Serve(Down(OutageManner.Stall)), TimeSpan.FromMilliseconds(50));

        Assert.Equal("no answer in time", (await client.CheckAsync(1)).Failure);
    }

    [Fact]
    public async Task CheckAsync_OfTheDirectClientWhileUp_IsDecided()
    {
        using var client = new DirectClient(Serve(Options), TimeSpan.FromSeconds(30));

        Assert.True((await client.CheckAsync(1)).Succeeded);
    }

    public void Dispose() => _listener.Dispose();

    private static BackendOptions Options => new() { Listen = ServerAddress.Parse("tcp://127.0.0.1:0", anyPort: true), Delay = TimeSpan.Zero };

    private static BackendOptions Down(OutageManner manner) => Options with { Outages = OutageSchedule.Parse("0s+1h"), Manner = manner };

    private HttpClient Client(BackendOptions options) => new() { BaseAddress = new Uri($"http://{Serve(options).EndPoint}") };

    private ServerAddress Serve(BackendOptions options)
    {
        _listener.Bind(options.Listen.EndPoint);
        _listener.Listen();
        new Thread(() => BackendServer.Accept(_listener, options, new BackendBehaviour(options, TimeProvider.System))) { IsBackground = true }.Start();
        return ServerAddress.Parse(options.Listen.Bound(_listener));
    }
}
