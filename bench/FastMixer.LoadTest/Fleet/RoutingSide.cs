namespace FastMixer.LoadTest.Fleet;

/// <summary>The fleet at a moment of a run.</summary>
/// <param name="At">When, from the beginning.</param>
/// <param name="Counts">What the servers had counted by then, all together.</param>
internal readonly record struct RoutingSample(TimeSpan At, MemberCounts Counts);

/// <summary>What one way of routing came to.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Samples">The fleet over the time of the run, from its beginning on.</param>
/// <param name="Failures">Why checks were not answered, and how often.</param>
/// <param name="BackendCalls">How often the backend was asked.</param>
/// <param name="BusiestOverMean">Checks of the busiest server over the mean of all, with one very hot key.</param>
internal sealed record RoutingSide(
    string Name, IReadOnlyList<RoutingSample> Samples, IReadOnlyDictionary<string, long> Failures, long BackendCalls, double BusiestOverMean)
{
    /// <summary>Checks that no server has answered.</summary>
    public long Failed => Failures.Values.Sum();

    /// <summary>Checks that the servers have answered since the beginning.</summary>
    public long Checks => (Samples[^1].Counts - Samples[0].Counts).Checks;

    /// <summary>The share of checks that the servers have answered from kept verdicts, between two moments; null without checks.</summary>
    public double? HitRatio(TimeSpan begin, TimeSpan end)
    {
        var first = Samples.LastOrDefault(sample => sample.At <= begin, Samples[0]);
        var last = Samples.LastOrDefault(sample => sample.At <= end, Samples[^1]);
        var between = last.Counts - first.Counts;
        return between.Checks <= 0 ? null : (double)between.Hits / between.Checks;
    }
}
