using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Processes;

namespace FastMixer.LoadTest.Experiments;

/// <summary>What all experiments are told.</summary>
internal sealed record ExperimentSetup
{
    /// <summary>The server's executable, or null for the one that is found.</summary>
    public string? FastMixer { get; init; }

    /// <summary>The folder of the policies, or null for those that ship with this tool.</summary>
    public string? Policies { get; init; }

    /// <summary>Where each side runs; null leaves it to the system.</summary>
    public Placement? Pin { get; init; }

    /// <summary>How long, how often, over how many connections.</summary>
    public required RoundSettings Load { get; init; }

    /// <summary>Whether to report in JSON.</summary>
    public bool Json { get; init; }
}
