namespace FastMixer.Caching.Admission;

/// <summary>
/// Estimates how often a hash was seen lately: a count-min sketch with four counters of four bits for a hash, all halved now and then (Einziger, Friedman,
/// Manes, ACM TOS 2017). One thread at a time.
/// </summary>
internal sealed class FrequencySketch
{
    // Counters are halved after this many additions for each entry of the cache.
    private const int SampleFactor = 10;
    private const ulong HalfMask = 0x7777_7777_7777_7777;

    private readonly ulong[] _blocks;
    private readonly int _sampleSize;
    private int _added;

    /// <summary>An empty sketch.</summary>
    /// <param name="entries">How many entries the cache has room for.</param>
    public FrequencySketch(int entries)
    {
        _blocks = new ulong[Math.Max(8, (entries + 1) / 2)];
        _sampleSize = checked((int)Math.Min((long)entries * SampleFactor, int.MaxValue));
    }

    /// <summary>How much memory it takes.</summary>
    public long Bytes => (long)_blocks.Length * sizeof(ulong);

    /// <summary>Counts a hash once more.</summary>
    public void Add(ulong hash)
    {
        int least = Estimate(hash);
        if (least == 15)
        {
            return;
        }

        for (int row = 0; row < 4; row++)
        {
            (int block, int shift) = Locate(hash, row);
            if ((int)((_blocks[block] >> shift) & 15) == least)
            {
                _blocks[block] += 1ul << shift;
            }
        }

        if (++_added >= _sampleSize)
        {
            Halve();
        }
    }

    /// <summary>How often a hash was seen lately, 0 to 15; rather too often than too seldom.</summary>
    public int Estimate(ulong hash)
    {
        int least = 15;
        for (int row = 0; row < 4; row++)
        {
            (int block, int shift) = Locate(hash, row);
            least = Math.Min(least, (int)((_blocks[block] >> shift) & 15));
        }

        return least;
    }

    private void Halve()
    {
        for (int i = 0; i < _blocks.Length; i++)
        {
            _blocks[i] = (_blocks[i] >> 1) & HalfMask;
        }

        _added /= 2;
    }

    // Each row has four counters of every block of sixteen.
    private (int Block, int Shift) Locate(ulong hash, int row)
    {
        ulong mixed = (hash ^ (hash >> 29)) * Multipliers[row];
        mixed ^= mixed >> 32;
        int block = (int)(((mixed & uint.MaxValue) * (ulong)_blocks.Length) >> 32);
        return (block, (row << 4) | (int)((mixed >> 58) & 0xC));
    }

    private static ReadOnlySpan<ulong> Multipliers =>
        [0xD6E8FEB86659FD93, 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xFF51AFD7ED558CCD];
}
