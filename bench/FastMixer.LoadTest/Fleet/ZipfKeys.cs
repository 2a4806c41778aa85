namespace FastMixer.LoadTest.Fleet;

/// <summary>Keys whose popularity falls with their rank, as Zipf's law has it; the same ones for the same seed. For one thread.</summary>
internal sealed class ZipfKeys
{
    private readonly double[] _cumulated;
    private readonly Random _random;
    private readonly double _hot;

    /// <summary>Prepares keys.</summary>
    /// <param name="count">How many there are; key 0 is the most popular.</param>
    /// <param name="exponent">How steeply popularity falls; 0 for evenly.</param>
    /// <param name="seed">What they are drawn by.</param>
    /// <param name="hot">Which share of the draws is key 0 whatever the law says, 0 to 1.</param>
    public ZipfKeys(int count, double exponent, int seed, double hot = 0)
    {
        _random = new Random(seed);
        _hot = hot;
        _cumulated = new double[count];
        var sum = 0.0;
        for (var rank = 0; rank < count; rank++)
        {
            sum += Math.Pow(rank + 1, -exponent);
            _cumulated[rank] = sum;
        }
    }

    /// <summary>The next key.</summary>
    public uint Next()
    {
        if (_hot > 0 && _random.NextDouble() < _hot)
        {
            return 0;
        }

        var found = Array.BinarySearch(_cumulated, _random.NextDouble() * _cumulated[^1]);
        return (uint)Math.Min(found < 0 ? ~found : found, _cumulated.Length - 1);
    }
}
