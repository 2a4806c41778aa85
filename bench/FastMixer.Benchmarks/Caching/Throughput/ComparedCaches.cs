using System.Collections.Concurrent;
using BitFaster.Caching;
using BitFaster.Caching.Lfu;
using BitFaster.Caching.Lru;
using BitFaster.Caching.Scheduler;
using FastMixer.Caching;
using Microsoft.Extensions.Caching.Memory;

namespace FastMixer.Benchmarks.Caching.Throughput;

/// <summary>A cache that is compared, as one thread uses it.</summary>
internal abstract class ComparedCache
{
    /// <summary>Looks a key up.</summary>
    /// <returns>A byte of the value, so that it was read; −1 if the key is not there.</returns>
    public abstract int Read(ReadOnlySpan<byte> key);

    /// <summary>Stores a value. The peers keep the array that they are given.</summary>
    public abstract void Write(ReadOnlySpan<byte> key, byte[] value);
}

/// <summary>The caches that are compared.</summary>
internal static class ComparedCaches
{
    /// <summary>Their names; the product's is the first.</summary>
    public static string[] Names { get; } =
        [nameof(StripedCache), nameof(ConcurrentDictionary<,>), nameof(ConcurrentLru<,>), nameof(ConcurrentLfu<,>), nameof(MemoryCache)];

    /// <summary>Makes an empty cache.</summary>
    /// <param name="name">Which one.</param>
    /// <returns>What makes its user for a thread.</returns>
    public static Func<ComparedCache> Create(string name)
    {
        var comparer = new ByteKeyComparer();
        switch (name)
        {
            case nameof(StripedCache):
                var striped = new StripedCache(new StripedCacheOptions
                {
                    Entries = CacheWorkload.Entries,
                    Bytes = CacheWorkload.Entries * (long)CacheWorkload.RecordBytes,
                });
                return () => new Striped(striped);
            case nameof(ConcurrentDictionary<,>):
                var dictionary = new ConcurrentDictionary<byte[], byte[]>(Environment.ProcessorCount, CacheWorkload.Entries, comparer);
                return () => new Dictionary(dictionary);
            case nameof(ConcurrentLru<,>):
                var lru = new ConcurrentLru<byte[], byte[]>(Environment.ProcessorCount, CacheWorkload.Entries, comparer);
                return () => new Bounded(lru.GetAlternateLookup<ReadOnlySpan<byte>>());
            case nameof(ConcurrentLfu<,>):
                var lfu = new ConcurrentLfu<byte[], byte[]>(Environment.ProcessorCount, CacheWorkload.Entries, new ThreadPoolScheduler(), comparer);
                return () => new Bounded(lfu.GetAlternateLookup<ReadOnlySpan<byte>>());
            default:
#pragma warning disable CA2000 // Lives as long as its users, that is the process.
                var memory = new MemoryCache(new MemoryCacheOptions { SizeLimit = CacheWorkload.Entries });
#pragma warning restore CA2000
                return () => new Memory(memory);
        }
    }

    private sealed class Striped(StripedCache cache) : ComparedCache
    {
        private readonly byte[] _destination = new byte[CacheWorkload.ValueBytes];

        public override int Read(ReadOnlySpan<byte> key) =>
            cache.TryGet(StripedCache.Hash(key), key, now: 0, _destination, out _) == CacheLookup.Found ? _destination[1] : -1;

        public override void Write(ReadOnlySpan<byte> key, byte[] value) =>
            cache.Set(StripedCache.Hash(key), key, value, expires: long.MaxValue, life: 0, uses: -1);
    }

    private sealed class Dictionary(ConcurrentDictionary<byte[], byte[]> dictionary) : ComparedCache
    {
        private readonly ConcurrentDictionary<byte[], byte[]>.AlternateLookup<ReadOnlySpan<byte>> _lookup =
            dictionary.GetAlternateLookup<ReadOnlySpan<byte>>();

        public override int Read(ReadOnlySpan<byte> key) => _lookup.TryGetValue(key, out byte[]? value) ? value[1] : -1;

        public override void Write(ReadOnlySpan<byte> key, byte[] value) => _lookup[key] = value;
    }

    private sealed class Bounded(IAlternateLookup<ReadOnlySpan<byte>, byte[], byte[]> lookup) : ComparedCache
    {
        public override int Read(ReadOnlySpan<byte> key) => lookup.TryGet(key, out byte[]? value) ? value[1] : -1;

        public override void Write(ReadOnlySpan<byte> key, byte[] value) => lookup.AddOrUpdate(key, value);
    }

    private sealed class Memory(MemoryCache cache) : ComparedCache
    {
        private static readonly MemoryCacheEntryOptions OneEntry = new() { Size = 1 };

        private readonly ByteKey _key = new(new byte[CacheWorkload.KeyBytes]);

        public override int Read(ReadOnlySpan<byte> key)
        {
            key.CopyTo(_key.Bytes);
            return cache.TryGetValue(_key, out byte[]? value) ? value![1] : -1;
        }

        public override void Write(ReadOnlySpan<byte> key, byte[] value) => cache.Set(new ByteKey(key.ToArray()), value, OneEntry);
    }
}
