namespace FastMixer.Server.Configuration;

/// <summary>How the policy of a server stands at some moment.</summary>
/// <param name="Generation">The number of the policy in force.</param>
/// <param name="Digest">Stands for all it says: the same at each server that runs the same policy.</param>
/// <param name="Loaded">Since when it is in force.</param>
/// <param name="Folder">Where it is from; null for one that is built in.</param>
/// <param name="IsStale">Whether the folder holds one that is not in force, because it is not valid.</param>
/// <param name="Problems">What is wrong with that one, as file:line:column: severity: text; or what the one in force was warned of.</param>
public sealed record PolicyStatus(
    long Generation, ulong Digest, DateTimeOffset Loaded, string? Folder, bool IsStale, IReadOnlyList<string> Problems);
