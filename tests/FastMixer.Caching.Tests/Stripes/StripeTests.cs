using CsCheck;
using FastMixer.Caching.Stripes;

namespace FastMixer.Caching.Tests.Stripes;

public class StripeTests
{
    private const int Keys = 200;

    /// <summary>Entries and rings follow limits that change all the time; what is counted is what is there.</summary>
    [Fact]
    public void SetLimits_WhileEntriesComeAndGo_KeepsCountAndContent() =>
        (from key in Gen.Int[0, Keys - 1]
         from length in Gen.Int[0, 600]
         from hits in Gen.Int[0, 2]
         from limits in Gen.Frequency((20, Gen.Const((Entries: 0, Part: 0.0))), (1, Gen.Select(Gen.Int[1, 90], Gen.Double[0.02, 0.3])))
         select (key, length, hits, limits)).Array[1500].Sample(Run, iter: 40, threads: 1);

    private static void Run((int Key, int Length, int Hits, (int Entries, double Part) Limits)[] steps)
    {
        var stripe = new Stripe(16 << 10, entries: 90);
        StripeReader reader = stripe.CreateReader();
        var stored = new Dictionary<int, int>();
        var destination = new byte[600];
        foreach ((int key, int length, int hits, (int entries, double part)) in steps)
        {
            if (entries > 0)
            {
                stripe.SetLimits(entries, part);
            }

            byte[] value = [.. Enumerable.Repeat((byte)key, length)];
            stripe.Set(HashOf(key), BitConverter.GetBytes(key), new EntryContent(value, long.MaxValue, 0, -1));
            stored[key] = length;
            for (int i = 0; i < hits; i++)
            {
                reader.TryGet(HashOf(key), BitConverter.GetBytes(key), 0, destination, out _);
            }
        }

        Assert.Equal(stored.Count(entry => IsThere(reader, entry.Key, entry.Value, destination)), stripe.Counts.Entries);
        GC.KeepAlive(stripe);
    }

    private static bool IsThere(StripeReader reader, int key, int length, byte[] destination)
    {
        CacheLookup result = reader.TryGet(HashOf(key), BitConverter.GetBytes(key), 0, destination, out CacheEntry entry);
        if (result == CacheLookup.Absent)
        {
            return false;
        }

        Assert.Equal((CacheLookup.Found, length), (result, entry.Length));
        Assert.All(destination[..length], part => Assert.Equal((byte)key, part));
        return true;
    }

    private static ulong HashOf(int key) => (ulong)(key + 1) * 0x9E3779B97F4A7C15;
}
