using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Report;

namespace FastMixer.LoadTest.Experiments;

/// <summary>What becomes of checks that come faster than they can be answered: first the server's capacity, then multiples of it at a fixed rate.</summary>
internal static class OverloadExperiment
{
    // A server that takes all it gets and sheds nothing answers late, which is what is to be seen; only silence is a failure.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private const int CapacityRounds = 3;

    /// <summary>Runs.</summary>
    /// <param name="setup">What all experiments are told; each load is one round.</param>
    /// <param name="factors">The loads, as multiples of the capacity, in their order.</param>
    /// <param name="patience">After how long a verdict is of no use any more; each check says so.</param>
    /// <param name="capacityDepth">Requests in flight on a connection while the capacity is measured.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static OverloadResult Run(
        ExperimentSetup setup, IReadOnlyList<double> factors, TimeSpan patience, int capacityDepth, CancellationToken cancellation)
    {
        using var bed = new TestBed(setup, cancellation);
        var process = bed.StartFastMixer(PolicyNames.Costly);
        var keys = KeySource.Distinct();
        var closed = setup.Load with { Depth = capacityDepth, Rate = null, Timeout = Silence, Rounds = CapacityRounds };
        var capacity = bed.Measure([TestBed.FastMixerSide("capacity", process, keys)], closed)[0];
        var perSecond = Metric.Named("ratePerSecond").Over(capacity.Rounds)!.Value.Median;
        var steps = new List<OverloadStep>();
        foreach (var factor in factors)
        {
            var rate = perSecond * factor;
            var open = setup.Load with { Rate = rate, Timeout = Silence, Rounds = 1, Patience = patience };
            var name = FormattableString.Invariant($"{factor:0.##} x capacity");
            var side = bed.Measure([TestBed.FastMixerSide(name, process, keys, patience)], open)[0];
            steps.Add(OverloadStep.Of(factor, rate, side));
        }

        return new OverloadResult
        {
            Load = closed,
            Patience = patience,
            Placement = bed.Placement,
            Capacity = perSecond,
            Steps = steps,
        };
    }
}
