using System.Buffers.Binary;
using BitFaster.Caching.Lfu;
using BitFaster.Caching.Scheduler;
using FastMixer.Caching;

namespace FastMixer.Benchmarks.Caching.HitRatios;

/// <summary>A cache as a trace sees it.</summary>
internal interface ITracedCache
{
    /// <summary>Asks for a key, and stores it if it is not there.</summary>
    /// <returns>Whether it was there.</returns>
    bool Access(int key);
}

/// <summary>The product's cache, with keys and values of equal length.</summary>
internal sealed class TracedStripedCache(int entries) : ITracedCache
{
    private readonly StripedCache _cache = new(new StripedCacheOptions { Entries = entries, Bytes = Math.Max(StripedCacheOptions.MinBytes, entries * 256L) });
    private readonly byte[] _key = new byte[sizeof(int)];
    private readonly byte[] _value = new byte[8];

    public StripedCache Cache => _cache;

    public bool Access(int key)
    {
        // Not the process's hash, which differs from run to run.
        BinaryPrimitives.WriteInt32LittleEndian(_key, key);
        ulong hash = System.IO.Hashing.XxHash3.HashToUInt64(_key);
        if (_cache.TryGet(hash, _key, now: 0, _value, out _) == CacheLookup.Found)
        {
            return true;
        }

        _cache.Set(hash, _key, _value, long.MaxValue, life: 0, uses: -1);
        return false;
    }
}

/// <summary>BitFaster's W-TinyLFU, its upkeep done at once.</summary>
internal sealed class TracedConcurrentLfu(int entries) : ITracedCache
{
    private readonly ConcurrentLfu<int, int> _cache = new(1, entries, new ForegroundScheduler(), EqualityComparer<int>.Default);

    public bool Access(int key)
    {
        if (_cache.TryGet(key, out _))
        {
            return true;
        }

        _cache.AddOrUpdate(key, key);
        return false;
    }
}

/// <summary>The least recently used goes.</summary>
internal sealed class TracedLru(int entries) : ITracedCache
{
    private readonly Dictionary<int, LinkedListNode<int>> _nodes = [];
    private readonly LinkedList<int> _order = new();

    public bool Access(int key)
    {
        if (_nodes.TryGetValue(key, out LinkedListNode<int>? node))
        {
            _order.Remove(node);
            _order.AddFirst(node);
            return true;
        }

        if (_nodes.Count == entries)
        {
            _nodes.Remove(_order.Last!.Value);
            _order.RemoveLast();
        }

        _nodes.Add(key, _order.AddFirst(key));
        return false;
    }
}

/// <summary>What is needed again last goes, or does not come in at all: the best that is possible (Belady, IBM Systems Journal 1966). It knows the trace.</summary>
internal sealed class TracedOptimum : ITracedCache
{
    private readonly int _entries;
    private readonly int[] _nextUse;
    private readonly PriorityQueue<int, int> _latest = new();
    private readonly Dictionary<int, int> _present = [];
    private int _position;

    public TracedOptimum(int entries, Trace trace)
    {
        _entries = entries;
        _nextUse = new int[trace.Keys.Length];
        var seen = new Dictionary<int, int>();
        for (int i = trace.Keys.Length - 1; i >= 0; i--)
        {
            _nextUse[i] = seen.GetValueOrDefault(trace.Keys[i], int.MaxValue);
            seen[trace.Keys[i]] = i;
        }
    }

    public bool Access(int key)
    {
        int next = _nextUse[_position++];
        bool isHit = _present.ContainsKey(key);
        _present[key] = next;
        _latest.Enqueue(key, -next);
        while (_present.Count > _entries)
        {
            // What was asked for again since it was queued is queued again behind.
            if (_latest.TryDequeue(out int candidate, out int use) && _present.TryGetValue(candidate, out int current) && current == -use)
            {
                _present.Remove(candidate);
            }
        }

        return isHit;
    }
}
