using FastMixer.LoadTest.Report;

namespace FastMixer.LoadTest.Load;

/// <summary>What the rounds of one side found, in their order.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Target">What was measured.</param>
/// <param name="Rounds">A result per round.</param>
internal sealed record Side(string Name, Target Target, IReadOnlyList<RoundResult> Rounds)
{
    // A CPU that is busy for so much of the time has none left, given how coarse the system counts.
    private const double Saturated = 0.95;
    private const double Idle = 0.85;

    /// <summary>Says so where the generator, and not the target, set the rate of a closed loop; else null.</summary>
    public string? Limit
    {
        get
        {
            var generator = Metric.Named("generatorCpuShare").Over(Rounds)?.Median;
            var server = Metric.Named("serverCpuShare").Over(Rounds)?.Median;
            return generator >= Saturated && server <= Idle
                ? "the generator's CPU was the limit, not the server's: it could answer more than this"
                : null;
        }
    }

    /// <summary>What all rounds saw together.</summary>
    public Measurement Total
    {
        get
        {
            var total = new Measurement();
            foreach (var round in Rounds)
            {
                total.Add(round.Measurement);
            }

            return total;
        }
    }
}
