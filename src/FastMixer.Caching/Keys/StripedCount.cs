using System.Numerics;

namespace FastMixer.Caching.Keys;

/// <summary>A count that cores add to without waiting for each other: up to eight of them on cache lines of their own. Any thread may call any member.</summary>
public sealed class StripedCount
{
    private const int LongsPerLine = 8;
    private const int MaxStripes = 8;

    private static readonly int Stripes = (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount), MaxStripes);

    // One line more, so that the first count shares none with the array's length.
    private readonly long[] _counts = new long[(Stripes + 1) * LongsPerLine];

    /// <summary>The sum.</summary>
    public long Value
    {
        get
        {
            long sum = 0;
            for (int stripe = 0; stripe < Stripes; stripe++)
            {
                sum += Interlocked.Read(ref Count(stripe));
            }

            return sum;
        }
    }

    /// <summary>Counts one more.</summary>
    public void Increment() => Interlocked.Increment(ref Count(Thread.GetCurrentProcessorId() & (Stripes - 1)));

    private ref long Count(int stripe) => ref _counts[(stripe + 1) * LongsPerLine];
}
