namespace FastMixer.LoadTest.Fleet;

/// <summary>What random routing and sharding came to.</summary>
/// <param name="Setting">What was done.</param>
/// <param name="Placement">Where processes ran.</param>
/// <param name="Random">Each check asked any server.</param>
/// <param name="Sharded">Each check asked the server of its key.</param>
/// <param name="Moves">Where keys were while a server left and returned.</param>
internal sealed record RoutingResult(FleetSetting Setting, string Placement, RoutingSide Random, RoutingSide Sharded, KeyMoves Moves)
{
    /// <summary>What the busiest server may have over the mean: a fifth more than its fair share, by each sidecar's own count.</summary>
    public const double MostOverMean = 1.25;

    /// <summary>When a server leaves.</summary>
    public TimeSpan Leave => Setting.Length / 3;

    /// <summary>When it returns.</summary>
    public TimeSpan Return => Setting.Length * 2 / 3;

    /// <summary>When its absence counts as usual: half of the time before it leaves has filled the caches.</summary>
    public TimeSpan Warm => Leave / 2;

    /// <summary>Both, in the order of reports.</summary>
    public IReadOnlyList<RoutingSide> Sides => [Random, Sharded];

    /// <summary>What is not as it should be.</summary>
    public IReadOnlyList<string> Violations
    {
        get
        {
            List<string> violations = [.. Sides.Where(static side => side.Failed > 0).Select(static side => $"{side.Name}: {side.Failed} checks failed")];
            if (Sharded.BusiestOverMean > MostOverMean)
            {
                violations.Add(FormattableString.Invariant($"the busiest server had {Sharded.BusiestOverMean:0.00} times the mean: expected at most {MostOverMean}"));
            }

            if (Moves.Needless > 0)
            {
                violations.Add($"{Moves.Needless} keys moved from one server to another though neither left");
            }

            return violations;
        }
    }
}
