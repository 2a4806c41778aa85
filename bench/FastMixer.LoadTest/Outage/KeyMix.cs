namespace FastMixer.LoadTest.Outage;

/// <summary>Keys of which a share is drawn from a few, and each other one is new. The same ones for the same seed. For one thread.</summary>
/// <param name="repeated">How many keys are drawn from, below the new ones.</param>
/// <param name="share">Which share of the keys, 0 to 1.</param>
/// <param name="seed">What they are drawn by.</param>
internal sealed class KeyMix(int repeated, double share, int seed)
{
    private readonly Random _random = new(seed);
    private uint _fresh = (uint)repeated;

    /// <summary>The next key.</summary>
    public uint Next() => _random.NextDouble() < share ? (uint)_random.Next(repeated) : _fresh++;
}
