namespace FastMixer.Cli.Replay;

/// <summary>Counts how often each text came. Not thread-safe.</summary>
internal sealed class TopCounter
{
    // A log may hold as many paths as lines; beyond this many they are counted together.
    private const int MostTexts = 100_000;

    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>What texts beyond the first 100,000 are counted as.</summary>
    public const string Other = "(others)";

    /// <summary>How many different texts are counted.</summary>
    public int Count => _counts.Count;

    /// <summary>Counts a text.</summary>
    /// <param name="text">The text.</param>
    public void Add(string text)
    {
        string key = _counts.Count < MostTexts || _counts.ContainsKey(text) ? text : Other;
        _counts[key] = _counts.GetValueOrDefault(key) + 1;
    }

    /// <summary>The texts that came most often, the most frequent first; equally frequent ones by name.</summary>
    /// <param name="most">How many at most.</param>
    public IReadOnlyList<KeyValuePair<string, long>> Top(int most = int.MaxValue) =>
        [.. _counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(most)];
}
