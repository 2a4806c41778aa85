using System.Numerics;

namespace FastMixer.Client.Fleet.Hedging;

/// <summary>
/// How long answers took recently: a histogram with eight buckets for each doubling, so that a time is told at most an eighth too long, whose counts are halved each second.
/// Thread-safe; takes no lock and allocates nothing.
/// </summary>
/// <param name="clock">The clock.</param>
internal sealed class AnswerTimes(TimeProvider clock)
{
    private const int SubBits = 3;
    private const int Buckets = 64 << SubBits;

    // From fewer answers nothing can be told.
    private const int Least = 20;

    private readonly int[] _counts = new int[Buckets];
    private long _rolled = clock.GetTimestamp();
    private long _slow;

    /// <summary>What 95 of 100 answers did not exceed; zero while that is not known.</summary>
    public TimeSpan Percentile95 => TimeSpan.FromTicks(Volatile.Read(ref _slow));

    /// <summary>Notes how long an answer took.</summary>
    /// <param name="time">The time.</param>
    public void Note(TimeSpan time)
    {
        Interlocked.Increment(ref _counts[BucketOf(time.Ticks)]);
        long now = clock.GetTimestamp();
        long rolled = Volatile.Read(ref _rolled);
        if (now - rolled >= clock.TimestampFrequency && Interlocked.CompareExchange(ref _rolled, now, rolled) == rolled)
        {
            Roll();
        }
    }

    private void Roll()
    {
        long total = 0;
        foreach (int count in _counts)
        {
            total += count;
        }

        if (total >= Least)
        {
            Volatile.Write(ref _slow, LongestOf(FindPercentile95(total)));
        }

        for (int i = 0; i < Buckets; i++)
        {
            int count = Volatile.Read(ref _counts[i]);
            Interlocked.Add(ref _counts[i], -(count - (count / 2)));
        }
    }

    private int FindPercentile95(long total)
    {
        long rest = total - (total / 20);
        for (int i = 0; i < Buckets; i++)
        {
            rest -= _counts[i];
            if (rest <= 0)
            {
                return i;
            }
        }

        return Buckets - 1;
    }

    private static int BucketOf(long ticks)
    {
        ulong value = (ulong)Math.Max(ticks, 1) << SubBits;
        int log = BitOperations.Log2(value);
        return ((log - SubBits) << SubBits) | (int)((value >> (log - SubBits)) & ((1 << SubBits) - 1));
    }

    // In ticks, the beginning of the next bucket.
    private static long LongestOf(int bucket)
    {
        int log = bucket >> SubBits;
        return (long)((double)((1 << SubBits) + (bucket & ((1 << SubBits) - 1)) + 1) * Math.Pow(2, log - SubBits));
    }
}
