using FastMixer.LoadTest.Backend;
using FastMixer.LoadTest.Experiments;
using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest.Outage;

/// <summary>
/// A backend that fails now and then, and once for long: what callers see who ask FastMixer, and what those see who ask the backend. Both sides run
/// at the same time, each with a backend of its own that fails by the same schedule.
/// </summary>
internal static class OutageExperiment
{
    /// <summary>Buckets of a time line: what a picture can show.</summary>
    public const int Buckets = 90;

    private const uint WarmUpChecks = 100;

    /// <summary>Runs.</summary>
    public static OutageResult Run(ExperimentSetup setup, OutageOptions options, CancellationToken cancellation)
    {
        using var bed = new TestBed(setup, cancellation);
        var behaviour = new BackendOptions
        {
            Listen = ServerAddress.Parse(BackendOptions.StandardAddress),
            Delay = options.Delay,
            Availability = options.Availability,
            Outages = OutageSchedule.Once(options.Begin, options.Outage),
            Manner = options.Manner,
            MaxAge = options.MaxAge,
        };
        var behind = bed.StartBackend("its backend", behaviour);
        var asked = bed.StartBackend("the backend asked directly", behaviour with { Listen = ServerAddress.Parse("tcp://127.0.0.1:0", anyPort: true) });
        var server = bed.StartFastMixer(PolicyNames.Outage);
        using var with = new MixerCheckClient(ServerAddress.Parse(server.Address("tcp")), options.Timeout);
        using var without = new DirectClient(asked.Address, options.Timeout);
        var step = options.Length / Buckets;
        var withTimeline = new Timeline(options.Length, step);
        var withoutTimeline = new Timeline(options.Length, step);
        WarmUpAsync(with).GetAwaiter().GetResult();
        WarmUpAsync(without).GetAwaiter().GetResult();
        behind.Restart();
        asked.Restart();
        Drive(options, [(with, withTimeline), (without, withoutTimeline)], cancellation);
        return new OutageResult(
            options,
            bed.Placement,
            new OutageSide("with FastMixer", withTimeline, behind.ReadStatistics()),
            new OutageSide("without", withoutTimeline, asked.ReadStatistics()));
    }

    // The clock of the outages starts with the first request, which must not take long because code is compiled for it. What comes of it is no
    // matter, and the keys are none of the run.
    private static async Task WarmUpAsync(ICheckClient client)
    {
        for (var i = 1u; i <= WarmUpChecks; i++)
        {
            await client.CheckAsync(KeySource.MaxKeys - i);
        }
    }

    private static void Drive(
        OutageOptions options, IReadOnlyList<(ICheckClient Client, Timeline Timeline)> sides, CancellationToken cancellation)
    {
        LoadTestException? failure = null;
        var threads = new List<Thread>();
        foreach (var (client, timeline) in sides)
        {
            // The same seed on both sides: they ask the same questions at the same times.
            var keys = new KeyMix(options.Keys, options.Share, seed: 1);
            var driver = new FixedRate(client, keys.Next, timeline, options.Rate, options.Length, cancellation);
            threads.Add(new Thread(() => failure = Guarded(driver) ?? failure) { IsBackground = true, Name = "fixed rate" });
        }

        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());
        cancellation.ThrowIfCancellationRequested();
        if (failure is not null)
        {
            throw failure;
        }
    }

    private static LoadTestException? Guarded(FixedRate driver)
    {
        try
        {
            driver.Run();
            return null;
        }
        catch (LoadTestException e)
        {
            return e;
        }
    }
}
