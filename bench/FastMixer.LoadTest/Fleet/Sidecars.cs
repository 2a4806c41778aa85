using System.Globalization;
using FastMixer.Client;
using FastMixer.Client.Attributes;
using FastMixer.Client.Fleet.Counts;
using FastMixer.Client.Reports;
using FastMixer.LoadTest.Outage;

namespace FastMixer.LoadTest.Fleet;

/// <summary>Simulated sidecars: a client each, as a proxy links it. Each check has a path by its key and an id of its own, which no policy reads.</summary>
internal sealed class Sidecars : ICheckClient
{
    private readonly Sidecar[] _sidecars;
    private readonly bool _reports;
    private readonly long[] _origins = new long[Enum.GetValues<CheckOrigin>().Length];
    private long _turn;

    /// <summary>Makes them; they begin to connect.</summary>
    /// <param name="count">How many.</param>
    /// <param name="options">What each is told.</param>
    /// <param name="reports">Whether a record follows each check.</param>
    public Sidecars(int count, MixerClientOptions options, bool reports = false)
    {
        _sidecars = [.. Enumerable.Range(0, count).Select(i => new Sidecar(new MixerClient(options with { Name = $"sidecar {i}" })))];
        _reports = reports;
    }

    /// <summary>How many checks were answered from where.</summary>
    public long Of(CheckOrigin origin) => Volatile.Read(ref _origins[(int)origin]);

    /// <summary>How many checks each server was sent, by all sidecars together; in the order of the addresses.</summary>
    public IReadOnlyList<long> Sent
    {
        get
        {
            var counts = Fleets;
            return [.. Enumerable.Range(0, counts[0].Servers.Count).Select(server => counts.Sum(fleet => fleet.Servers[server].Sent))];
        }
    }

    /// <summary>What each has counted of its servers.</summary>
    public IReadOnlyList<FleetCounts> Fleets => [.. _sidecars.Select(static sidecar => sidecar.Client.Statistics.Fleet)];

    /// <summary>What became of the records of each.</summary>
    public IReadOnlyList<ReportCounts> Reports => [.. _sidecars.Select(static sidecar => sidecar.Client.Statistics.Reports)];

    /// <inheritdoc/>
    public async Task<CheckOutcome> CheckAsync(uint key)
    {
        var turn = Interlocked.Increment(ref _turn);
        var sidecar = _sidecars[turn % _sidecars.Length];
        using var request = sidecar.Client.Rent();
        request.Set(sidecar.Path, string.Create(CultureInfo.InvariantCulture, $"/items/{key}"));
        request.Set(sidecar.Id, turn.ToString(CultureInfo.InvariantCulture));
        try
        {
            var result = await sidecar.Client.CheckAsync(request);
            Interlocked.Increment(ref _origins[(int)result.Origin]);
            if (_reports)
            {
                request.Set(sidecar.Code, result.IsAllowed ? 200 : 403);
                sidecar.Client.Report(request);
            }

            return result.Origin switch
            {
                CheckOrigin.Unavailable => new CheckOutcome(result.Message),
                CheckOrigin.Stale => new CheckOutcome("answered by a verdict whose time is over"),
                _ => CheckOutcome.Decided,
            };
        }
        catch (MixerException e)
        {
            return new CheckOutcome(e.Message);
        }
    }

    /// <summary>Sends the records that wait, and waits until they have come to their ends.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    public void Flush(CancellationToken cancellation) =>
        Task.WhenAll(_sidecars.Select(sidecar => sidecar.Client.FlushAsync(cancellation))).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void Dispose() => Task.WhenAll(_sidecars.Select(static sidecar => sidecar.Client.DisposeAsync().AsTask())).GetAwaiter().GetResult();

    private sealed class Sidecar(MixerClient client)
    {
        public MixerClient Client { get; } = client;

        public AttributeKey Path { get; } = client.Key("request.path");

        public AttributeKey Id { get; } = client.Key("request.id");

        public AttributeKey Code { get; } = client.Key("response.code");
    }
}
