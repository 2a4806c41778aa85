using FastMixer.LoadTest.Load;

namespace FastMixer.LoadTest.Experiments;

/// <summary>What a comparison of several sides found.</summary>
internal sealed record ExperimentResult
{
    /// <summary>The name of the experiment, a key in JSON.</summary>
    public required string Name { get; init; }

    /// <summary>What it is about, in a line.</summary>
    public required string Title { get; init; }

    /// <summary>How the sides were driven.</summary>
    public required RoundSettings Load { get; init; }

    /// <summary>How the requests of the first side differed.</summary>
    public required KeySource Keys { get; init; }

    /// <summary>Where processes ran.</summary>
    public required string Placement { get; init; }

    /// <summary>The sides; all are compared with the first.</summary>
    public required IReadOnlyList<Side> Sides { get; init; }

    /// <summary>What else is to be said, a line each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Requests of any side that had no verdict or value.</summary>
    public long Failures => Sides.Sum(static side => Failed(side.Total));

    private static long Failed(Measurement total) => total.Errors + total.Lost + total.Unsent;
}
