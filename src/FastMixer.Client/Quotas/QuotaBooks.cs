using System.Collections.Concurrent;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Quotas;

/// <summary>All pools of a client, by the names of their quotas, in bounded number. Any thread may call any member; finding takes no lock and allocates nothing.</summary>
/// <param name="maxPools">How many there may be.</param>
internal sealed class QuotaBooks(int maxPools)
{
    private readonly ConcurrentDictionary<string, QuotaBook> _books = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>How many pools there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether there are as many as may be.</summary>
    public bool IsFull => Count >= maxPools;

    /// <summary>All pools.</summary>
    public IEnumerable<QuotaPool> Pools => _books.Values.SelectMany(static book => book.Pools);

    /// <summary>The pool that a request takes from.</summary>
    /// <param name="bag">The request.</param>
    /// <param name="quota">What it takes.</param>
    /// <returns>Null if none is known, or it gives back: that goes to a server, since only that knows what was taken.</returns>
    public QuotaPool? Find(AttributeBag bag, QuotaRequest quota) =>
        quota.Amount > 0 && _books.TryGetValue(quota.Name, out QuotaBook? book) ? book.Find(bag) : null;

    /// <summary>Adds a pool, unless there is one.</summary>
    /// <param name="pool">The pool.</param>
    /// <returns>The pool that there is now; null if there are as many as may be.</returns>
    public QuotaPool? Add(QuotaPool pool)
    {
        if (Interlocked.Increment(ref _count) > maxPools)
        {
            Interlocked.Decrement(ref _count);
            return null;
        }

        QuotaPool added = _books.GetOrAdd(pool.Name, static _ => new QuotaBook()).Add(pool);
        if (added != pool)
        {
            Interlocked.Decrement(ref _count);
        }

        return added;
    }

    /// <summary>Looks no more for pools that are told apart as one is: the policy goes by other attributes now.</summary>
    /// <param name="pool">The pool.</param>
    public void Outdate(QuotaPool pool)
    {
        if (_books.TryGetValue(pool.Name, out QuotaBook? book))
        {
            book.Outdate(pool.Set);
        }
    }

    /// <summary>Removes a pool.</summary>
    /// <param name="pool">The pool.</param>
    public void Remove(QuotaPool pool)
    {
        if (_books.TryGetValue(pool.Name, out QuotaBook? book) && book.Remove(pool))
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
