using FastMixer.Caching.Tests.Support;

namespace FastMixer.Caching.Tests;

/// <summary>Who stays when room is short.</summary>
public class AdmissionTests
{
    private static readonly byte[] Value = new byte[40];

    [Theory]
    [InlineData(1 << 20, 500)]
    [InlineData(StripedCacheOptions.MinBytes, 100_000)]
    public void Scan_OfKeysAskedForOnce_LeavesWhatIsAskedForOften(long bytes, int entries)
    {
        var cache = new TestCache(new StripedCacheOptions { Bytes = bytes, Entries = entries, ShadowEntries = 0, Stripes = 1 });
        int[] wanted = [.. Enumerable.Range(0, 200)];
        for (int round = 0; round < 4; round++)
        {
            Array.ForEach(wanted, key => Ask(cache, key));
        }

        for (int key = 1000; key < 3000; key++)
        {
            Ask(cache, key);
        }

        Assert.True(wanted.Count(key => cache.Find(key) == CacheLookup.Found) > 150);
    }

    [Fact]
    public void Entries_WhoseTimeIsOver_GoBeforeOthers()
    {
        var cache = new TestCache(new StripedCacheOptions { Bytes = 1 << 20, Entries = 100, ShadowEntries = 0 });
        for (int key = 0; key < 100; key++)
        {
            cache.Set(key, Value, expires: 10);
            cache.Find(key);
        }

        cache.Find(200, now: 10);
        for (int key = 100; key < 200; key++)
        {
            cache.Set(key, Value);
        }

        Assert.Equal(0, cache.Cache.Counts.Evicted);
        Assert.All(Enumerable.Range(100, 100), key => Assert.Equal(CacheLookup.Found, cache.Find(key, now: 10)));
    }

    [Fact]
    public void Estimate_OfALoopThatOnlyTwiceTheSizeHolds_SaysSo()
    {
        var cache = new TestCache(new StripedCacheOptions { Bytes = 1 << 20, Entries = 1000, ShadowEntries = 1000 });
        for (int i = 0; i < 30_000; i++)
        {
            Ask(cache, i % 1600);
        }

        CacheEstimate estimate = cache.Cache.Estimate;
        Assert.InRange(estimate.Half, 0, 0.5);
        Assert.InRange(estimate.Same, estimate.Half, 0.8);
        Assert.InRange(estimate.Double, 0.95, 1.001);
        Assert.True(estimate.LookUps > 1000);
    }

    [Fact]
    public void Estimate_WithoutAShadow_RestsOnNothing()
    {
        var cache = new TestCache(new StripedCacheOptions { ShadowEntries = 0 });
        Ask(cache, 1);
        Assert.Equal(default, cache.Cache.Estimate);
    }

    private static void Ask(TestCache cache, int key)
    {
        if (cache.Find(key) != CacheLookup.Found)
        {
            cache.Set(key, Value);
        }
    }
}
