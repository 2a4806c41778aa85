using FastMixer.LoadTest.Outage;

namespace FastMixer.LoadTest.Fleet;

/// <summary>What a way of asking saw of a server that turned slow.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Before">Checks while no server was slow.</param>
/// <param name="Slow">Checks while one was.</param>
/// <param name="Sent">Checks that were sent in all, each attempt counted.</param>
/// <param name="Hedges">Second servers that were asked.</param>
/// <param name="HedgesWon">Of these, those that answered first.</param>
internal sealed record SlowSide(string Name, TimelineBucket Before, TimelineBucket Slow, long Sent, long Hedges, long HedgesWon)
{
    /// <summary>Checks that nobody has answered.</summary>
    public long Failed => Before.Failed + Slow.Failed;
}

/// <summary>What a slow server came to.</summary>
/// <param name="Setting">What was done.</param>
/// <param name="Delay">How late the server's answers were.</param>
/// <param name="Placement">Where processes ran.</param>
/// <param name="Sides">Without hedging, and with it.</param>
internal sealed record SlowResult(FleetSetting Setting, TimeSpan Delay, string Placement, IReadOnlyList<SlowSide> Sides)
{
    /// <summary>What is not as it should be.</summary>
    public IReadOnlyList<string> Violations =>
        [.. Sides.Where(static side => side.Failed > 0).Select(static side => $"{side.Name}: {side.Failed} checks failed: expected none")];
}
