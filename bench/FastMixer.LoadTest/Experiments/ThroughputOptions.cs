namespace FastMixer.LoadTest.Experiments;

/// <summary>What the comparison of throughputs is told.</summary>
/// <param name="Peers">Whom to compare with.</param>
/// <param name="RedisExecutable">The program of the Redis server.</param>
/// <param name="Keys">How many checks, and how many keys, are repeated.</param>
/// <param name="KeyBytes">Bytes of a key, or null for a GET that is as long as a check.</param>
internal sealed record ThroughputOptions(IReadOnlyList<string> Peers, string RedisExecutable, int Keys, int? KeyBytes);
