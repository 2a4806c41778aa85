using System.Buffers.Binary;

namespace FastMixer.Caching.Tests.Support;

/// <summary>A cache with numbers for keys, whose values can be long or short, and whose hash can be weak.</summary>
internal sealed class TestCache(StripedCacheOptions options, Func<ulong, ulong>? weaken = null)
{
    private readonly byte[] _destination = new byte[StripedCache.MaxPartBytes];

    public StripedCache Cache { get; } = new(options);

    public CacheStore Set(int key, ReadOnlySpan<byte> value, long expires = long.MaxValue, int uses = -1)
    {
        byte[] bytes = Key(key);
        return Cache.Set(Hash(bytes), bytes, value, expires, life: 7, uses);
    }

    public CacheLookup TryGet(int key, long now, out ReadOnlySpan<byte> value, out CacheEntry entry)
    {
        byte[] bytes = Key(key);
        CacheLookup result = Cache.TryGet(Hash(bytes), bytes, now, _destination, out entry);
        value = result == CacheLookup.Found ? _destination.AsSpan(0, entry.Length) : default;
        return result;
    }

    public CacheLookup Find(int key, long now = 0) => TryGet(key, now, out _, out _);

    public bool Remove(int key)
    {
        byte[] bytes = Key(key);
        return Cache.Remove(Hash(bytes), bytes);
    }

    // Keys differ in length as well as in content.
    private static byte[] Key(int key)
    {
        var bytes = new byte[sizeof(int) + (key & 7)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, key);
        return bytes;
    }

    private ulong Hash(ReadOnlySpan<byte> key)
    {
        ulong hash = StripedCache.Hash(key);
        return weaken is null ? hash : weaken(hash);
    }
}
