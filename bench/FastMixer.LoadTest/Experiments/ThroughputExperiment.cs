using FastMixer.LoadTest.Dialects;
using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Processes;
using FastMixer.LoadTest.Report;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Experiments;

/// <summary>How many checks a server answers, beside cache servers that answer a GET of equally many bytes on the same CPU, driven by the same generator.</summary>
internal static class ThroughputExperiment
{
    /// <summary>The servers that it may be compared with.</summary>
    public static IReadOnlyList<string> Peers { get; } = ["redis", "garnet", "floor"];

    /// <summary>Runs.</summary>
    /// <param name="setup">What all experiments are told.</param>
    /// <param name="options">What this one is told.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static ExperimentResult Run(ExperimentSetup setup, ThroughputOptions options, CancellationToken cancellation)
    {
        using var bed = new TestBed(setup, cancellation);
        var keys = KeySource.Repeated(options.Keys);
        var process = bed.StartFastMixer(PolicyNames.Memory);
        var server = TestBed.FastMixerSide("fastmixer", process, keys);
        var answerBytes = Probe.Ask(server.Target.Address, (CheckTemplate)server.Target.Requests, setup.Load.Timeout).AnswerBytes;
        var gets = options.KeyBytes is { } bytes ? new RedisGet(bytes) : RedisGet.OfRequestBytes(server.Target.Requests.Length);
        var valueBytes = RedisGet.ValueBytesOfReply(answerBytes);

        var contestants = new List<Contestant> { server, TestBed.FastMixerSide("misses", process, KeySource.Distinct()) };
        if (options.Peers.Contains("redis"))
        {
            contestants.Add(bed.StartRedis(
                "redis", (cpu, ending) => RedisProcess.Start(options.RedisExecutable, cpu, ending), gets, valueBytes, options.Keys));
        }

        if (options.Peers.Contains("garnet"))
        {
            contestants.Add(bed.StartRedis("garnet", GarnetProcess.Start, gets, valueBytes, options.Keys));
        }

        if (options.Peers.Contains("floor"))
        {
            contestants.Add(bed.StartFloor(server, answerBytes));
        }

        return new ExperimentResult
        {
            Name = "throughput",
            Title = $"the same {Quantity.Count(options.Keys)} checks over and over; misses are checks that are all new; redis and garnet answer GETs",
            Load = setup.Load,
            Keys = keys,
            Placement = bed.Placement,
            Sides = bed.Measure(contestants, setup.Load),
            Notes =
            [
                $"bytes          check {server.Target.Requests.Length}, verdict {answerBytes}; GET {gets.Length} with a key of {gets.KeyBytes}, value {valueBytes}",
            ],
        };
    }
}
