using FastMixer.Client;
using FastMixer.Client.Fleet.Servers;

namespace FastMixer.LoadTest.Fleet;

/// <summary>Asks a fleet for keys one after the other, as a sidecar of its own, and sees which server each was sent to.</summary>
/// <param name="addresses">The servers.</param>
internal sealed class KeyPlacement(IReadOnlyList<string> addresses) : IDisposable
{
    private static readonly TimeSpan ChangeTime = TimeSpan.FromSeconds(30);

    // The load that it makes counts nothing, so that each key goes where it belongs.
    private readonly MixerClient _client = new(new MixerClientOptions
    {
        Servers = new() { Addresses = addresses, LoadSlack = 100, SlowStart = TimeSpan.Zero },
        CacheEntries = 0,
        Timeout = TimeSpan.FromSeconds(10),
    });

    /// <summary>The server of each key from 0 on, by its number.</summary>
    /// <param name="keys">How many keys.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public IReadOnlyList<int> Find(int keys, CancellationToken cancellation)
    {
        Ask("/learn", cancellation); // What verdicts depend on, which leads the others to their servers.
        var servers = new int[keys];
        for (var key = 0; key < keys; key++)
        {
            var before = Sent();
            Ask(FormattableString.Invariant($"/items/{key}"), cancellation);
            servers[key] = Sent().Zip(before).Index().First(static pair => pair.Item.First != pair.Item.Second).Index;
        }

        return servers;
    }

    /// <summary>Waits until a server is asked, or is not.</summary>
    /// <param name="server">Its number.</param>
    /// <param name="isIn">Which of both.</param>
    public void Await(int server, bool isIn)
    {
        if (!SpinWait.SpinUntil(() => _client.Statistics.Fleet.Servers[server].State == ServerState.In == isIn, ChangeTime))
        {
            throw new LoadTestException($"the client has not noticed within {ChangeTime.TotalSeconds} s that {addresses[server]} has {(isIn ? "returned" : "left")}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private void Ask(string path, CancellationToken cancellation)
    {
        using var request = _client.Rent();
        request.Set("request.path", path);
        var result = _client.CheckAsync(request, cancellation).AsTask().GetAwaiter().GetResult();
        if (result.Origin != CheckOrigin.Server)
        {
            throw new LoadTestException($"no server has answered: {result.Message}");
        }
    }

    private long[] Sent() => [.. _client.Statistics.Fleet.Servers.Select(static server => server.Sent)];
}
