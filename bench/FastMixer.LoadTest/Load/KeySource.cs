namespace FastMixer.LoadTest.Load;

/// <summary>
/// The population that requests draw their keys from: the same few over and over, or each key once. Shared by all workers of all
/// rounds, so that no two of them ever send the same distinct request.
/// </summary>
internal sealed class KeySource
{
    /// <summary>The most keys that the digits of a request tell apart.</summary>
    public const int MaxKeys = 100_000_000;

    // A worker takes keys in blocks, so that workers do not contend for each.
    private const int BlockLength = 1024;

    private long _taken;

    private KeySource(int count) => Count = count;

    /// <summary>How many keys are repeated; 0 means that each is sent once.</summary>
    public int Count { get; }

    /// <summary>Whether requests differ at all.</summary>
    public bool Varied => Count != 1;

    /// <summary>Whether each key is sent once.</summary>
    public bool IsDistinct => Count == 0;

    /// <summary>Keys drawn evenly from <paramref name="count"/>, the same ones in each run.</summary>
    public static KeySource Repeated(int count) => new(count);

    /// <summary>Each key once; after <see cref="MaxKeys"/> they begin again.</summary>
    public static KeySource Distinct() => new(0);

    /// <summary>What one worker draws its keys from.</summary>
    /// <param name="worker">The worker's number, from 0.</param>
    public KeySequence Sequence(int worker) => new(this, seed: worker + 1);

    /// <summary>Takes a block of distinct keys that no other call gets.</summary>
    internal (uint Next, uint End) TakeBlock()
    {
        var begin = (uint)((Interlocked.Add(ref _taken, BlockLength) - BlockLength) % (MaxKeys - (MaxKeys % BlockLength)));
        return (begin, begin + BlockLength);
    }
}
