namespace FastMixer.Benchmarks.Caching.Throughput;

/// <summary>One thread's use of a cache.</summary>
/// <param name="workload">What is asked for.</param>
/// <param name="cache">The cache.</param>
/// <param name="start">With which operation of the workload it begins.</param>
internal sealed class CacheWorker(CacheWorkload workload, ComparedCache cache, int start)
{
    private readonly byte[] _key = new byte[CacheWorkload.KeyBytes];
    private int _turn = start;

    /// <summary>How many look-ups found nothing.</summary>
    public int Missed { get; private set; }

    /// <summary>Stores every key once.</summary>
    public void Fill()
    {
        for (int i = 0; i < CacheWorkload.Keys; i++)
        {
            CacheWorkload.WriteKey(i, _key);
            cache.Write(_key, workload.Value);
        }
    }

    /// <summary>Uses the cache.</summary>
    /// <param name="operations">How often.</param>
    /// <param name="writes">Whether every <see cref="CacheWorkload.WriteEvery"/>th operation is a write; the others are look-ups.</param>
    /// <returns>A sum over what was read.</returns>
    public int Run(int operations, bool writes)
    {
        int sum = 0;
        int untilWrite = writes ? CacheWorkload.WriteEvery : int.MaxValue;
        for (int i = 0; i < operations; i++)
        {
            CacheWorkload.WriteKey(workload.KeyAt(_turn++), _key);
            if (--untilWrite == 0)
            {
                untilWrite = CacheWorkload.WriteEvery;
                cache.Write(_key, workload.Value);
            }
            else
            {
                sum += ReadOrStore();
            }
        }

        return sum;
    }

    private int ReadOrStore()
    {
        int read = cache.Read(_key);
        if (read < 0)
        {
            Missed++;
            cache.Write(_key, workload.Value);
        }

        return read;
    }
}
