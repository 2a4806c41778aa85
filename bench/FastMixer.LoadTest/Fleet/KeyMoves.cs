namespace FastMixer.LoadTest.Fleet;

/// <summary>How many keys changed their server when one left and when it returned.</summary>
/// <param name="Keys">How many keys were looked at.</param>
/// <param name="Left">Keys that another server answered after one had left.</param>
/// <param name="Needless">Of these, keys that had not been with the one that left.</param>
/// <param name="Returned">Keys that another server answered after it had returned.</param>
/// <param name="Home">Keys that were with the same server in the end as in the beginning.</param>
internal sealed record KeyMoves(int Keys, int Left, int Needless, int Returned, int Home)
{
    /// <summary>Compares where keys were.</summary>
    /// <param name="before">The server of each key.</param>
    /// <param name="without">The same after one had left.</param>
    /// <param name="after">The same after it had returned.</param>
    /// <param name="leaver">The one.</param>
    public static KeyMoves Compare(IReadOnlyList<int> before, IReadOnlyList<int> without, IReadOnlyList<int> after, int leaver)
    {
        var keys = Enumerable.Range(0, before.Count).ToArray();
        return new KeyMoves(
            keys.Length,
            keys.Count(key => before[key] != without[key]),
            keys.Count(key => before[key] != without[key] && before[key] != leaver),
            keys.Count(key => without[key] != after[key]),
            keys.Count(key => before[key] == after[key]));
    }
}
