using FastMixer.Testing;

namespace FastMixer.Caching.Tests;

public class MemoryTests
{
    private const int Entries = 100_000;
    private const int KeyBytes = 250;
    private const int ValueBytes = 101;

    [Fact]
    public void AllocatedBytes_OfACacheThatIsFull_AreSixtyFourAnEntryAtMostBesideKeyAndValue()
    {
        // The room that full stripes need: more of them than their share come to some.
        const long RecordBytes = 28 + KeyBytes + ValueBytes + 5;
        var options = new StripedCacheOptions { Entries = Entries, Bytes = Entries * RecordBytes };
        var key = new byte[KeyBytes];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var cache = new StripedCache(options);
        for (int i = 0; i < Entries * 2; i++)
        {
            BitConverter.TryWriteBytes(key, i);
            cache.Set(StripedCache.Hash(key), key, new byte[ValueBytes], long.MaxValue, 0, -1);
        }

        long taken = GC.GetTotalMemory(forceFullCollection: true) - before;
        long overhead = (taken / cache.Counts.Entries) - KeyBytes - ValueBytes;

        Assert.InRange(cache.Counts.Entries, Entries * 98 / 100, Entries + cache.StripeCount);
        Assert.InRange(overhead, 1, 64);
        Assert.InRange(cache.AllocatedBytes, taken * 99 / 100, taken * 101 / 100);
    }

    [Fact]
    public void GetSetAndRemove_AllocateNothing()
    {
        var cache = new TestCacheOfOneKey();
        int i = 0;
        AllocationAssert.Zero(20_000, () => cache.UseAll(i++));
    }

    [Fact]
    [Trait("Category", "Soak")]
    public void Cache_OfMoreThanTwoGibibytes_KeepsWhatIsStored()
    {
        var cache = new StripedCache(new StripedCacheOptions { Entries = 60_000, Bytes = 3L << 30 });
        var value = new byte[50_000];
        var destination = new byte[50_000];
        int found = 0;
        for (int i = 0; i < 50_000; i++)
        {
            BitConverter.TryWriteBytes(value, i);
            cache.Set(StripedCache.Hash(BitConverter.GetBytes(i)), BitConverter.GetBytes(i), value, long.MaxValue, 0, -1);
        }

        for (int i = 0; i < 50_000; i++)
        {
            byte[] key = BitConverter.GetBytes(i);
            if (cache.TryGet(StripedCache.Hash(key), key, 0, destination, out _) == CacheLookup.Found)
            {
                Assert.Equal(i, BitConverter.ToInt32(destination));
                found++;
            }
        }

        Assert.True(found * 50_000L > 2L << 30, $"Only {found} are left.");
    }

    private sealed class TestCacheOfOneKey
    {
        private readonly StripedCache _cache = new(new StripedCacheOptions { Bytes = 1 << 20, Entries = 500 });
        private readonly byte[] _key = new byte[KeyBytes];
        private readonly byte[] _value = new byte[ValueBytes];

        public void UseAll(int number)
        {
            BitConverter.TryWriteBytes(_key, number % 1000);
            ulong hash = StripedCache.Hash(_key);
            if (_cache.TryGet(hash, _key, number, _value, out _) != CacheLookup.Found)
            {
                _cache.Set(hash, _key, _value, number + 1500, 0, number % 5 - 1);
            }

            if (number % 7 == 0)
            {
                _cache.Remove(hash, _key);
            }
        }
    }
}
