using System.Diagnostics;
using FastMixer.Client;
using FastMixer.LoadTest.Backend;
using FastMixer.LoadTest.Experiments;
using FastMixer.LoadTest.Outage;
using FastMixer.LoadTest.Processes;
using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest.Fleet;

/// <summary>
/// The same load on four servers twice: with each check sent to any of them, and with each sent to the server of its key. Each server keeps fewer verdicts than
/// there are keys; the sidecars keep none, so that what is seen is the servers' caches. One server leaves and returns meanwhile.
/// </summary>
internal sealed class RoutingExperiment
{
    // What a picture can show.
    private const int Samples = 60;

    private const int Leaver = FleetSetting.Servers - 1;
    private const int MostKeysPlaced = 4000;
    private const double HotShare = 0.5;
    private const int Seed = 1;

    // Longer than any run: what is missed was evicted, or with a server that is gone.
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(24);

    // Four processes compile their code on one CPU at first.
    private const double WarmUpRate = 0.1;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    private readonly ExperimentSetup _setup;
    private readonly FleetSetting _setting;
    private readonly BackendProcess _backend;
    private readonly CancellationToken _cancellation;
    private string _placement = "";

    private RoutingExperiment(ExperimentSetup setup, FleetSetting setting, BackendProcess backend, CancellationToken cancellation)
    {
        _setup = setup;
        _setting = setting;
        _backend = backend;
        _cancellation = cancellation;
    }

    /// <summary>Runs.</summary>
    public static RoutingResult Run(ExperimentSetup setup, FleetSetting setting, CancellationToken cancellation)
    {
        using var bed = new TestBed(setup, cancellation);
        var backend = bed.StartBackend(
            "backend",
            new BackendOptions { Listen = ServerAddress.Parse(BackendOptions.StandardAddress), Delay = TimeSpan.Zero, MaxAge = MaxAge });
        var experiment = new RoutingExperiment(setup, setting, backend, cancellation);
        var random = experiment.Measure("random routing", isRandom: true, out _);
        var sharded = experiment.Measure("sharding", isRandom: false, out var moves);
        return new RoutingResult(setting, experiment._placement, random, sharded, moves);
    }

    // Over before the hot key is asked for, also in a short run.
    private TimeSpan SlowStart => TimeSpan.FromSeconds(Math.Min(10, _setting.Length.TotalSeconds / 6));

    private RoutingSide Measure(string name, bool isRandom, out KeyMoves moves)
    {
        using var servers = new FleetServers(_setup, PolicyNames.Fleet, _setting, _cancellation);
        using var sidecars = new Sidecars(_setting.Sidecars, new MixerClientOptions
        {
            Servers = new() { Addresses = servers.Addresses, RoutesAtRandom = isRandom, SlowStart = SlowStart },
            CacheEntries = 0,
            Timeout = _setting.Timeout,
        });
        _placement = TestBed.Describe([("backend", _backend.Process.ProcessId), .. servers.Processes]);
        var keys = new ZipfKeys(_setting.Keys, _setting.Zipf, Seed);
        Drive(sidecars, keys, new Timeline(WarmUp, WarmUp), WarmUp, _setting.Rate * WarmUpRate).GetAwaiter().GetResult();
        _backend.Restart();
        var timeline = new Timeline(_setting.Length, _setting.Length / Samples);
        List<RoutingSample> samples = [new(TimeSpan.Zero, servers.Read())];
        var changes = Task.Run(() => LeaveAndReturn(servers.Members[Leaver]), _cancellation);
        AddSamples(samples, servers, Drive(sidecars, keys, timeline, _setting.Length, _setting.Rate));
        changes.GetAwaiter().GetResult();
        var calls = _backend.ReadStatistics().Calls;
        var busiest = MeasureBusiest(sidecars);
        moves = isRandom ? new KeyMoves(0, 0, 0, 0, 0) : PlaceKeys(servers);
        return new RoutingSide(name, samples, timeline.Failures, calls, busiest);
    }

    private Task Drive(Sidecars sidecars, ZipfKeys keys, Timeline timeline, TimeSpan length, double rate) => Task.Factory.StartNew(
        new FixedRate(sidecars, keys.Next, timeline, rate, length, _cancellation).Run,
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private void AddSamples(List<RoutingSample> samples, FleetServers servers, Task load)
    {
        var step = _setting.Length / Samples;
        var start = Stopwatch.GetTimestamp();
        for (var i = 1; !load.IsCompleted; i++)
        {
            Wait((i * step) - Stopwatch.GetElapsedTime(start));
            samples.Add(new RoutingSample(Stopwatch.GetElapsedTime(start), servers.Read()));
        }

        load.GetAwaiter().GetResult();
    }

    private void LeaveAndReturn(FleetMember member)
    {
        var start = Stopwatch.GetTimestamp();
        Wait(_setting.Length / 3);
        member.Stop(kill: false);
        Wait((_setting.Length * 2 / 3) - Stopwatch.GetElapsedTime(start));
        member.Start();
    }

    // Half of the checks with one key, which has a server of its own as any other.
    private double MeasureBusiest(Sidecars sidecars)
    {
        var before = sidecars.Sent;
        var length = _setting.Length / 6;
        var keys = new ZipfKeys(_setting.Keys, _setting.Zipf, Seed, HotShare);
        Drive(sidecars, keys, new Timeline(length, length), length, _setting.Rate).GetAwaiter().GetResult();
        var sent = sidecars.Sent.Zip(before, static (after, earlier) => after - earlier).ToArray();
        return sent.Max() / sent.Average();
    }

    private KeyMoves PlaceKeys(FleetServers servers)
    {
        using var placement = new KeyPlacement(servers.Addresses);
        var keys = Math.Min(_setting.Keys, MostKeysPlaced);
        var before = placement.Find(keys, _cancellation);
        servers.Members[Leaver].Stop(kill: false);
        placement.Await(Leaver, isIn: false);
        var without = placement.Find(keys, _cancellation);
        servers.Members[Leaver].Start();
        placement.Await(Leaver, isIn: true);
        return KeyMoves.Compare(before, without, placement.Find(keys, _cancellation), Leaver);
    }

    private void Wait(TimeSpan time)
    {
        if (time > TimeSpan.Zero)
        {
            _cancellation.WaitHandle.WaitOne(time);
        }

        _cancellation.ThrowIfCancellationRequested();
    }
}
