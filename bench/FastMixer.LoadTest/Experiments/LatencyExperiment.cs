using FastMixer.LoadTest.Backend;
using FastMixer.LoadTest.CommandLine;
using FastMixer.LoadTest.Dialects;
using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Report;
using FastMixer.LoadTest.Transport;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Experiments;

/// <summary>How long one check takes, one at a time: answered from the cache, from memory, or by a backend.</summary>
internal static class LatencyExperiment
{
    /// <summary>The scenarios, in the order in which they are run.</summary>
    public static IReadOnlyList<string> Scenarios { get; } = ["hit", "miss", "backend"];

    /// <summary>Runs a scenario.</summary>
    /// <param name="scenario">One of <see cref="Scenarios"/>.</param>
    /// <param name="setup">What all experiments are told.</param>
    /// <param name="keys">How many requests a hit repeats.</param>
    /// <param name="delay">How long the backend takes.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static ExperimentResult Run(string scenario, ExperimentSetup setup, int keys, TimeSpan delay, CancellationToken cancellation) => scenario switch
    {
        "hit" => FromMemory(scenario, $"{Quantity.Count(keys)} requests over and over", setup, KeySource.Repeated(keys), cancellation),
        "miss" => FromMemory(scenario, "each request new, answered from memory", setup, KeySource.Distinct(), cancellation),
        _ => FromBackend(scenario, setup, delay, cancellation),
    };

    private static ExperimentResult FromMemory(
        string name, string title, ExperimentSetup setup, KeySource keys, CancellationToken cancellation)
    {
        using var bed = new TestBed(setup, cancellation);
        var server = TestBed.FastMixerSide("server", bed.StartFastMixer(PolicyNames.Memory), keys);
        var floor = bed.StartFloor(server, AnswerBytes(server.Target, setup.Load));
        return new ExperimentResult
        {
            Name = name,
            Title = title,
            Load = setup.Load,
            Keys = keys,
            Placement = bed.Placement,
            Sides = bed.Measure([server, floor], setup.Load),
        };
    }

    private static ExperimentResult FromBackend(string name, ExperimentSetup setup, TimeSpan delay, CancellationToken cancellation)
    {
        using var bed = new TestBed(setup, cancellation);
        var backend = bed.StartBackend("backend", new BackendOptions { Listen = ServerAddress.Parse(BackendOptions.StandardAddress), Delay = delay });
        var keys = KeySource.Distinct();
        var server = TestBed.FastMixerSide("server", bed.StartFastMixer(PolicyNames.Webhook), keys);
        var floor = bed.StartFloor(server, AnswerBytes(server.Target, setup.Load));
        var direct = new Contestant(
            "direct",
            new Target(backend.Address, HttpDialect.Instance, new HttpCall(backend.Address), keys, backend.Process.ProcessId),
            backend.Process);
        var sides = bed.Measure([server, direct, floor], setup.Load);
        return new ExperimentResult
        {
            Name = name,
            Title = $"each request new, answered by a backend that takes {DurationText.Format(delay)}; direct is the backend asked without the server",
            Load = setup.Load,
            Keys = keys,
            Placement = bed.Placement,
            Sides = sides,
            Notes = [$"backend        {Quantity.Count(backend.ReadStatistics().Calls)} calls in all, warm-ups and those of the direct side included"],
        };
    }

    private static int AnswerBytes(Target server, RoundSettings load) =>
        Probe.Ask(server.Address, (CheckTemplate)server.Requests, load.Timeout).AnswerBytes;
}
