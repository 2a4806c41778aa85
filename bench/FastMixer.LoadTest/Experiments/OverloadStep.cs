using FastMixer.LoadTest.Load;

namespace FastMixer.LoadTest.Experiments;

/// <summary>What became of the checks of one load. The shares are of all checks that were due, and sum up to 1.</summary>
/// <param name="Factor">The load as a multiple of the capacity.</param>
/// <param name="Rate">The load in checks per second.</param>
/// <param name="Result">The round.</param>
/// <param name="InTime">Had a verdict in time.</param>
/// <param name="Late">Had one after the patience was over.</param>
/// <param name="Shed">Were refused as more than the server can do.</param>
/// <param name="Expired">Were given up by the server as their patience was over.</param>
/// <param name="Failed">Had another error, or no answer, or could not be sent.</param>
internal sealed record OverloadStep(
    double Factor, double Rate, RoundResult Result, double InTime, double Late, double Shed, double Expired, double Failed)
{
    // Error codes of protocol.md, section 6.
    private const int Overloaded = 11;
    private const int DeadlineExceeded = 16;

    /// <summary>Sums up a side of one round.</summary>
    public static OverloadStep Of(double factor, double rate, Side side)
    {
        var total = side.Total;
        var refused = 0L;
        foreach (var count in total.Refusals)
        {
            refused += count;
        }

        var due = Math.Max(1.0, total.Verdicts + refused + total.Unsent + total.Lost);
        var shed = total.Refusals[Overloaded];
        var expired = total.Refusals[DeadlineExceeded];
        return new OverloadStep(
            factor,
            rate,
            side.Rounds[0],
            (total.Verdicts - total.Late) / due,
            total.Late / due,
            shed / due,
            expired / due,
            (refused - shed - expired + total.Unsent + total.Lost) / due);
    }
}
