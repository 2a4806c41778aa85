using FastMixer.Client;
using FastMixer.Client.Fleet.Servers;

namespace FastMixer.LoadTest.Fleet;

/// <summary>How many keys changed their server when one left and when it returned.</summary>
/// <param name="Keys">How many keys were looked at.</param>
/// <param name="Left">Keys that another server answered after one had left.</param>
/// <param name="Needless">Of these, keys that had not been with the one that left.</param>
/// <param name="Returned">Keys that another server answered after it had returned.</param>
/// <param name="Home">Keys that were with the same server in the end as in the beginning.</param>
internal sealed record KeyMoves(int Keys, int Left, int Needless, int Returned, int Home)
{
    /// <summary>Compares where keys were.</summary>
    /// <param name="before">The server of each key.</param>
    /// <param name="without">The same after one had left.</param>
    /// <param name="after">The same after it had returned.</param>
    /// <param name="leaver">The one.</param>
    public static KeyMoves Compare(IReadOnlyList<int> before, IReadOnlyList<int> without, IReadOnlyList<int> after, int leaver)
    {
        var keys = Enumerable.Range(0, before.Count).ToArray();
        return new KeyMoves(
            keys.Length,
            keys.Count(key => before[key] != without[key]),
            keys.Count(key => before[key] != without[key] && before[key] != leaver),
            keys.Count(key => without[key] != after[key]),
            keys.Count(key => before[key] == after[key]));
    }
}

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
