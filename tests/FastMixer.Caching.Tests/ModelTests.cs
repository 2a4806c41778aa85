using CsCheck;
using FastMixer.Caching.Tests.Support;

namespace FastMixer.Caching.Tests;

/// <summary>A cache may forget, and never lies: against a dictionary that forgets nothing.</summary>
public class ModelTests
{
    private const int Keys = 400;
    private const int Operations = 2000;

    private static readonly StripedCacheOptions Small = new() { Bytes = StripedCacheOptions.MinBytes, Entries = 120, ShadowEntries = 16 };
    private static readonly StripedCacheOptions Striped = new() { Bytes = StripedCacheOptions.MinBytes * 4, Entries = 200, Stripes = 4 };

    private enum Kind
    {
        Get,
        Set,
        Remove,
    }

    [Fact]
    public void EveryFoundValue_IsTheLastOneSet() => CompareWithModel(Small, weaken: null);

    [Fact]
    public void EveryFoundValue_WithStripes_IsTheLastOneSet() => CompareWithModel(Striped, weaken: null);

    [Fact]
    public void EveryFoundValue_WhenAllHashesCollide_IsTheLastOneSet() => CompareWithModel(Small, weaken: _ => 42);

    [Fact]
    public void EveryFoundValue_WithHashesOfFourBits_IsTheLastOneSet() =>
        CompareWithModel(Striped, weaken: hash => (hash & 3) | (hash << 62));

    private static void CompareWithModel(StripedCacheOptions options, Func<ulong, ulong>? weaken) =>
        GenStep.Array[Operations].Sample(steps => Run(new TestCache(options, weaken), steps), iter: 60, threads: 1);

    private static readonly Gen<Step> GenStep =
        from kind in Gen.Frequency((6, Gen.Const(Kind.Get)), (3, Gen.Const(Kind.Set)), (1, Gen.Const(Kind.Remove)))
        from key in Gen.Frequency((1, Gen.Int[0, 20]), (1, Gen.Int[0, Keys - 1]))
        from length in Gen.Frequency((20, Gen.Int[0, 120]), (10, Gen.Const(100)), (1, Gen.Int[0, 9000]))
        from life in Gen.Int[1, 300]
        from uses in Gen.Frequency((3, Gen.Const(-1)), (1, Gen.Int[0, 3]))
        from pause in Gen.Int[0, 1]
        select new Step(kind, key, length, life, uses, pause);

    private static void Run(TestCache cache, Step[] steps)
    {
        var model = new Dictionary<int, Known>();
        long now = 0;
        for (int i = 0; i < steps.Length; i++)
        {
            Step step = steps[i];
            now += step.Pause;
            switch (step.Kind)
            {
                case Kind.Set:
                    byte[] value = Fill(step.Length, i);
                    bool isKept = cache.Set(step.Key, value, now + step.Life, step.Uses) != CacheStore.TooLarge;
                    model[step.Key] = new Known(isKept ? value : null, now + step.Life, step.Uses);
                    break;
                case Kind.Remove:
                    cache.Remove(step.Key);
                    model.Remove(step.Key);
                    break;
                default:
                    Look(cache, model, step.Key, now);
                    break;
            }
        }

        Assert.Equal(Enumerable.Range(0, Keys).Count(key => cache.Find(key, now) != CacheLookup.Absent), cache.Cache.Counts.Entries);
    }

    private static void Look(TestCache cache, Dictionary<int, Known> model, int key, long now)
    {
        CacheLookup result = cache.TryGet(key, now, out ReadOnlySpan<byte> value, out CacheEntry entry);
        if (result == CacheLookup.Absent)
        {
            return;
        }

        Known known = model[key];
        Assert.Equal(known.Expires, entry.Expires);
        Assert.Equal(known.Value?.Length, entry.Length);
        switch (result)
        {
            case CacheLookup.Found:
                Assert.True(now < known.Expires);
                Assert.True(value.SequenceEqual(known.Value));
                Assert.NotEqual(0, known.Uses);
                known.Uses -= known.Uses > 0 ? 1 : 0;
                Assert.Equal(known.Uses, entry.UsesLeft);
                break;
            case CacheLookup.Expired:
                Assert.True(now >= known.Expires);
                break;
            case CacheLookup.UsedUp:
                Assert.Equal(0, known.Uses);
                break;
            default:
                Assert.Fail($"Nothing is {result} here.");
                break;
        }
    }

    private static byte[] Fill(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private sealed record Step(Kind Kind, int Key, int Length, int Life, int Uses, int Pause);

    private sealed record Known(byte[]? Value, long Expires, int Uses)
    {
        public int Uses { get; set; } = Uses;
    }
}
