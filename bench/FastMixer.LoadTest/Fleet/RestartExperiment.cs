using System.Diagnostics;
using FastMixer.Client;
using FastMixer.LoadTest.Experiments;
using FastMixer.LoadTest.Outage;

namespace FastMixer.LoadTest.Fleet;

/// <summary>Four servers that are restarted one after the other, where they were, while sidecars ask them and report each check.</summary>
internal static class RestartExperiment
{
    private const int Buckets = 60;
    private const int Seed = 1;

    // Few, so that servers answer most checks.
    private const int KeptVerdicts = 64;

    private static readonly TimeSpan EndTime = TimeSpan.FromMinutes(2);

    /// <summary>Runs.</summary>
    public static RestartResult Run(ExperimentSetup setup, FleetSetting setting, bool kill, CancellationToken cancellation)
    {
        using var servers = new FleetServers(setup, PolicyNames.FleetLog, setting, cancellation);
        using var sidecars = new Sidecars(
            setting.Sidecars,
            new MixerClientOptions { Servers = new() { Addresses = servers.Addresses }, CacheEntries = KeptVerdicts, Timeout = setting.Timeout },
            reports: true);
        var timeline = new Timeline(setting.Length, setting.Length / Buckets);
        var keys = new ZipfKeys(setting.Keys, setting.Zipf, Seed);
        var driver = new FixedRate(sidecars, keys.Next, timeline, setting.Rate, setting.Length, cancellation);
        var load = Task.Factory.StartNew(driver.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        RestartAll(servers, setting.Length, kill, load, cancellation);
        load.GetAwaiter().GetResult();
        cancellation.ThrowIfCancellationRequested();
        Flush(sidecars, cancellation);
        var placement = TestBed.Describe(servers.Processes);
        foreach (var member in servers.Members)
        {
            member.Stop(kill: false);
        }

        return Sum(setting, kill, placement, sidecars, timeline, servers);
    }

    // Each in the middle of its quarter of the run: the others have the load meanwhile, and it has its share again before the next.
    private static void RestartAll(FleetServers servers, TimeSpan length, bool kill, Task load, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < servers.Members.Count; i++)
        {
            var rest = ((i + 0.5) / servers.Members.Count * length) - Stopwatch.GetElapsedTime(start);
            if (rest > TimeSpan.Zero)
            {
                cancellation.WaitHandle.WaitOne(rest);
            }

            cancellation.ThrowIfCancellationRequested();
            servers.Members[i].Stop(kill);
            servers.Members[i].Start();
        }

        if (load.IsCompletedSuccessfully)
        {
            throw new LoadTestException("the load was over before all servers were restarted: --duration has to be longer");
        }
    }

    private static void Flush(Sidecars sidecars, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(EndTime);
        try
        {
            sidecars.Flush(end.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new LoadTestException($"records were still held {EndTime.TotalSeconds} s after the last check");
        }
    }

    private static RestartResult Sum(
        FleetSetting setting, bool kill, string placement, Sidecars sidecars, Timeline timeline, FleetServers servers)
    {
        var total = timeline.Between(TimeSpan.Zero, TimeSpan.MaxValue);
        var reports = sidecars.Reports;
        var fleets = sidecars.Fleets;
        return new RestartResult(
            setting,
            kill,
            placement,
            total.Count,
            sidecars.Of(CheckOrigin.Server),
            sidecars.Of(CheckOrigin.Cache),
            sidecars.Of(CheckOrigin.Stale),
            total.Failed,
            timeline.Failures,
            fleets.Sum(static fleet => fleet.Failovers),
            fleets.Sum(static fleet => fleet.Ejections),
            total.Percentile(100) ?? 0,
            total.Percentile(99) ?? 0,
            new RecordFates(
                reports.Sum(static report => report.Added),
                reports.Sum(static report => report.Acknowledged),
                reports.Sum(static report => report.Unacknowledged),
                reports.Sum(static report => report.AllDropped),
                servers.Members.Sum(static member => member.Lines)));
    }
}
