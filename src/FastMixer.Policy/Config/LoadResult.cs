using FastMixer.Policy.Rules;

namespace FastMixer.Policy.Config;

/// <summary>What became of a configuration.</summary>
/// <param name="Snapshot">The compiled configuration, or null if there was an error.</param>
/// <param name="Problems">Everything that is wrong or looks wrong, in the order of places.</param>
public sealed record LoadResult(Snapshot? Snapshot, IReadOnlyList<Problem> Problems)
{
    /// <summary>Whether there is a snapshot.</summary>
    public bool IsValid => Snapshot is not null;
}
