using FastMixer.Caching.Tests.Support;

namespace FastMixer.Caching.Tests;

public class StripedCacheTests
{
    private static readonly StripedCacheOptions Options = new() { Bytes = 256 << 10, Entries = 1000 };

    [Fact]
    public void TryGet_AfterSet_CopiesTheValueAndSaysWhatIsKnownOfIt()
    {
        var cache = new TestCache(Options);

        Assert.Equal(CacheStore.Added, cache.Set(1, "one"u8, expires: 50));

        Assert.Equal(CacheLookup.Found, cache.TryGet(1, now: 49, out ReadOnlySpan<byte> value, out CacheEntry entry));
        Assert.Equal("one"u8, value);
        Assert.Equal(new CacheEntry(3, 50, 7, -1), entry);
    }

    [Fact]
    public void TryGet_OfAKeyNeverSet_IsAbsent() => Assert.Equal(CacheLookup.Absent, new TestCache(Options).Find(1));

    [Fact]
    public void TryGet_OnceTheTimeIsOver_IsExpiredAndTellsWhen()
    {
        var cache = new TestCache(Options);
        cache.Set(1, "one"u8, expires: 50);

        Assert.Equal(CacheLookup.Expired, cache.TryGet(1, now: 50, out _, out CacheEntry entry));
        Assert.Equal(50, entry.Expires);
    }

    [Fact]
    public void TryGet_IntoTooFewBytes_CopiesNothingAndTakesNoUse()
    {
        var cache = new StripedCache(Options);
        cache.Set(1, "key"u8, "value"u8, 50, 7, uses: 1);
        Span<byte> destination = stackalloc byte[4];

        Assert.Equal(CacheLookup.TooLong, cache.TryGet(1, "key"u8, 0, destination, out CacheEntry entry));
        Assert.Equal(5, entry.Length);
        Assert.Equal(new byte[4], destination);
        Assert.Equal(CacheLookup.Found, cache.TryGet(1, "key"u8, 0, new byte[5], out _));
    }

    [Fact]
    public void TryGet_WithBoundedUses_CountsThemDownToUsedUp()
    {
        var cache = new TestCache(Options);
        cache.Set(1, "one"u8, uses: 2);

        Assert.Equal(CacheLookup.Found, cache.TryGet(1, 0, out _, out CacheEntry first));
        Assert.Equal(CacheLookup.Found, cache.TryGet(1, 0, out _, out CacheEntry second));
        Assert.Equal((1, 0), (first.UsesLeft, second.UsesLeft));
        Assert.Equal(CacheLookup.UsedUp, cache.Find(1));
    }

    [Theory]
    [InlineData("two")]
    [InlineData("quite another length than before")]
    public void Set_OfAKeyThatIsThere_ReplacesItsValue(string text)
    {
        var cache = new TestCache(Options);
        byte[] value = System.Text.Encoding.UTF8.GetBytes(text);
        cache.Set(1, "one"u8, uses: 0);

        Assert.Equal(CacheStore.Replaced, cache.Set(1, value));

        Assert.Equal(CacheLookup.Found, cache.TryGet(1, 0, out ReadOnlySpan<byte> found, out _));
        Assert.Equal(value, found);
        Assert.Equal(1, cache.Cache.Counts.Entries);
    }

    [Fact]
    public void Set_OfAKeyEvictedLately_SaysThatItReturned()
    {
        var cache = new TestCache(Options with { Entries = 100 });
        int[] keys = [.. Enumerable.Range(0, 150)];
        Assert.All(keys, key => Assert.Equal(CacheStore.Added, cache.Set(key, "value"u8)));

        int evicted = Array.FindLast(keys, key => cache.Find(key) == CacheLookup.Absent);

        Assert.Equal(CacheStore.Returned, cache.Set(evicted, "value"u8));
        Assert.Equal(100, cache.Cache.Counts.Entries);
    }

    [Fact]
    public void Set_OfWhatIsTooLarge_KeepsNothingAndForgetsWhatTheKeyHad()
    {
        var cache = new TestCache(Options);
        cache.Set(1, "one"u8);

        Assert.Equal(CacheStore.TooLarge, cache.Set(1, new byte[StripedCache.MaxPartBytes + 1]));

        Assert.Equal(CacheLookup.Absent, cache.Find(1));
        Assert.Equal(new CacheCounts(0, 1, 0, 1), cache.Cache.Counts);
    }

    [Fact]
    public void Remove_OfAKeyThatIsThere_MakesItAbsent()
    {
        var cache = new TestCache(Options);
        cache.Set(1, "one"u8);

        Assert.True(cache.Remove(1));
        Assert.Equal(CacheLookup.Absent, cache.Find(1));
        Assert.False(cache.Remove(1));
    }

    [Fact]
    public void Hash_OfEqualKeys_IsEqual() => Assert.Equal(StripedCache.Hash("key"u8), StripedCache.Hash([.. "key"u8]));

    [Fact]
    public void Set_WithHashesThatCollide_KeepsTheKeysApart()
    {
        var cache = new TestCache(Options, weaken: _ => 42);
        cache.Set(1, "one"u8);
        cache.Set(2, "two"u8);

        cache.TryGet(1, 0, out ReadOnlySpan<byte> one, out _);
        Assert.Equal("one"u8, one);
        cache.TryGet(2, 0, out ReadOnlySpan<byte> two, out _);
        Assert.Equal("two"u8, two);
        Assert.Equal(CacheLookup.Absent, cache.Find(3));
    }
}
