using FastMixer.Client;
using FastMixer.Client.Fleet;
using FastMixer.LoadTest.Experiments;
using FastMixer.LoadTest.Outage;

namespace FastMixer.LoadTest.Fleet;

/// <summary>Four servers of which one turns slow after a quarter of the run, and fails in nothing: what sidecars see that hedge, and that do not, one after the other.</summary>
internal static class SlowExperiment
{
    private const int Buckets = 40;
    private const int Seed = 1;
    private const double QuickPart = 0.25;

    /// <summary>Runs.</summary>
    /// <param name="setup">Where servers are found, and where they run.</param>
    /// <param name="setting">The load, of each way of asking.</param>
    /// <param name="delay">How late the slow server's answers are.</param>
    /// <param name="budgets">How much may be hedged, in each way of asking but the first, which hedges nothing.</param>
    /// <param name="cancellation">Ends it.</param>
    public static SlowResult Run(
        ExperimentSetup setup, FleetSetting setting, TimeSpan delay, IReadOnlyList<double> budgets, CancellationToken cancellation)
    {
        using var servers = new FleetServers(setup, PolicyNames.FleetLog, setting, cancellation);
        using var proxy = new DelayProxy(servers.Members[^1].Port);
        var plain = new FleetOptions { Addresses = [.. servers.Addresses.SkipLast(1), proxy.Address] };
        List<SlowSide> sides = [Measure("no hedging", plain)];
        foreach (var budget in budgets)
        {
            sides.Add(Measure(FormattableString.Invariant($"hedging, {budget:0.##} a check"), plain with { Hedging = true, HedgingBudget = budget }));
        }

        return new SlowResult(setting, delay, TestBed.Describe(servers.Processes), sides);

        SlowSide Measure(string name, FleetOptions options) => SlowExperiment.Measure(name, options, setting, delay, proxy, cancellation);
    }

    private static SlowSide Measure(
        string name, FleetOptions options, FleetSetting setting, TimeSpan delay, DelayProxy proxy, CancellationToken cancellation)
    {
        using var sidecars = new Sidecars(
            setting.Sidecars, new MixerClientOptions { Servers = options, CacheEntries = 0, Timeout = setting.Timeout });
        var turn = setting.Length * QuickPart;
        var timeline = new Timeline(setting.Length, setting.Length / Buckets);
        var keys = new ZipfKeys(setting.Keys, setting.Zipf, Seed);
        var driver = new FixedRate(sidecars, keys.Next, timeline, setting.Rate, setting.Length, cancellation);
        proxy.Delay = TimeSpan.Zero;
        using (new Timer(_ => proxy.Delay = delay, null, turn, Timeout.InfiniteTimeSpan))
        {
            driver.Run();
        }

        cancellation.ThrowIfCancellationRequested();
        var fleets = sidecars.Fleets;
        return new SlowSide(
            name,
            timeline.Between(TimeSpan.Zero, turn),
            timeline.Between(turn, TimeSpan.MaxValue),
            sidecars.Sent.Sum(),
            fleets.Sum(static fleet => fleet.Hedges),
            fleets.Sum(static fleet => fleet.HedgesWon));
    }
}
