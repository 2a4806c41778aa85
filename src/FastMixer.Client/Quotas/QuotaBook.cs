using System.Collections.Concurrent;
using FastMixer.Caching.Keys;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Words;

namespace FastMixer.Client.Quotas;

/// <summary>The pools of one quota name, by what servers said that it depended on. Any thread may call any member; finding takes no lock and allocates nothing.</summary>
internal sealed class QuotaBook
{
    /// <summary>Requests whose values are longer share no pool.</summary>
    public const int MaxKeyBytes = 512;

    private readonly ConcurrentDictionary<byte[], QuotaPool> _pools = new(Utf8Comparer.Instance);
    private readonly ConcurrentDictionary<byte[], QuotaPool>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly Lock _changing = new();
    private ReferenceSet[] _sets = [];

    /// <summary>A book without pools.</summary>
    public QuotaBook() => _lookup = _pools.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>All pools.</summary>
    public IEnumerable<QuotaPool> Pools => _pools.Select(static pair => pair.Value);

    /// <summary>The pool that a request takes from.</summary>
    /// <param name="bag">The request.</param>
    /// <returns>Null if none is known.</returns>
    public QuotaPool? Find(AttributeBag bag)
    {
        Span<byte> key = stackalloc byte[MaxKeyBytes];
        foreach (ReferenceSet set in Volatile.Read(ref _sets))
        {
            if (set.TryWriteKey(bag, key, out int length) == KeyResult.Written && _lookup.TryGetValue(key[..length], out QuotaPool? pool))
            {
                return pool;
            }
        }

        return null;
    }

    /// <summary>Adds a pool, unless there is one.</summary>
    /// <param name="pool">The pool.</param>
    /// <returns>The pool that there is now.</returns>
    public QuotaPool Add(QuotaPool pool)
    {
        QuotaPool added = _pools.GetOrAdd(pool.Key, pool);
        lock (_changing)
        {
            if (!_sets.Contains(pool.Set))
            {
                Volatile.Write(ref _sets, [.. _sets, pool.Set]);
            }
        }

        return added;
    }

    /// <summary>Looks for pools of a set no more: the policy goes by other attributes now.</summary>
    /// <param name="set">The set.</param>
    public void Outdate(ReferenceSet set)
    {
        lock (_changing)
        {
            Volatile.Write(ref _sets, [.. _sets.Where(other => other != set)]);
        }
    }

    /// <summary>Removes a pool.</summary>
    /// <param name="pool">The pool.</param>
    /// <returns>Whether it was there.</returns>
    public bool Remove(QuotaPool pool) => _pools.TryRemove(KeyValuePair.Create(pool.Key, pool));
}
