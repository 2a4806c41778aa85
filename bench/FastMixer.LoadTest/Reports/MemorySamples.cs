namespace FastMixer.LoadTest.Reports;

/// <summary>The resident memory of a server over a while, in bytes, in the order of time.</summary>
internal sealed class MemorySamples
{
    /// <summary>How many times what it was in the first third it may be in the last: above that it is said to grow.</summary>
    public const double MostGrowth = 1.1;

    private readonly List<long> _bytes = [];

    /// <summary>Its mean over the first third of the samples.</summary>
    public double First => _bytes.Count == 0 ? 0 : _bytes.Take(Third).Average();

    /// <summary>Its mean over the last third.</summary>
    public double Last => _bytes.Count == 0 ? 0 : _bytes.TakeLast(Third).Average();

    /// <summary>The most.</summary>
    public long Most => _bytes.Count == 0 ? 0 : _bytes.Max();

    /// <summary>How many there are.</summary>
    public int Count => _bytes.Count;

    /// <summary>How many times what it was it has become.</summary>
    public double Growth => First == 0 ? 0 : Last / First;

    /// <summary>Whether it does not grow. Nothing is known without samples.</summary>
    public bool IsFlat => Count > 0 && Growth <= MostGrowth;

    private int Third => Math.Max(1, _bytes.Count / 3);

    /// <summary>Adds a sample.</summary>
    public void Add(long bytes) => _bytes.Add(bytes);
}
