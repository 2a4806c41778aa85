using System.Buffers.Binary;
using System.Globalization;

namespace FastMixer.Caching.Tests;

/// <summary>Readers and writers at once: no value is torn, none is another key's, no use is granted twice.</summary>
public class StressTests
{
    // Half of the keys collide in the small cache, whose rings go round all the time.
    private const int Keys = 300;
    private const int MaxWords = 40;

    private static readonly StripedCacheOptions Options = new() { Bytes = StripedCacheOptions.MinBytes, Entries = 200, ShadowEntries = 16 };

    [Fact]
    public async Task ReadersAndWriters_AtOnce_NeverSeeATornValue() =>
        Assert.True(await RunAsync(TimeSpan.FromMilliseconds(400)) > 0);

    [Fact]
    [Trait("Category", "Soak")]
    public async Task ReadersAndWriters_ForLong_NeverSeeATornValue()
    {
        string? seconds = Environment.GetEnvironmentVariable("FASTMIXER_SOAK_SECONDS");
        TimeSpan time = TimeSpan.FromSeconds(seconds is null ? 2 : double.Parse(seconds, CultureInfo.InvariantCulture));

        long found = await RunAsync(time);

        TestContext.Current.TestOutputHelper?.WriteLine($"{found:N0} values found and verified in {time}");
        Assert.True(found > 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(5000)]
    public async Task Uses_TakenByManyThreads_AreGrantedExactly(int uses)
    {
        var cache = new StripedCache(Options);
        cache.Set(7, "key"u8, "value"u8, long.MaxValue, 0, uses);

        int[] taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => TakeAll(cache))));

        Assert.Equal(uses, taken.Sum());
    }

    [Fact]
    public async Task Uses_WhileTheEntryIsReplaced_AreNeverGrantedTwice()
    {
        const int Replacements = 20_000;
        var cache = new StripedCache(Options);
        using var stop = new CancellationTokenSource();
        Task<int>[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            int sum = 0;
            do
            {
                sum += TakeAll(cache);
            }
            while (!stop.IsCancellationRequested);

            // What was stored last is there still, if no reader has had a turn before.
            return sum + TakeAll(cache);
        }))];

        for (int i = 0; i < Replacements; i++)
        {
            cache.Set(7, "key"u8, "value"u8, long.MaxValue, 0, uses: 2);
        }

        await stop.CancelAsync();
        int granted = (await Task.WhenAll(readers)).Sum();
        Assert.InRange(granted, 1, Replacements * 2);
    }

    private static int TakeAll(StripedCache cache)
    {
        Span<byte> destination = stackalloc byte[16];
        int taken = 0;
        while (cache.TryGet(7, "key"u8, 0, destination, out _) == CacheLookup.Found)
        {
            taken++;
        }

        return taken;
    }

    private static async Task<long> RunAsync(TimeSpan time)
    {
        var cache = new StripedCache(Options);
        using var stop = new CancellationTokenSource(time);
        Task writers = Task.WhenAll(Enumerable.Range(0, 2).Select(seed => Task.Run(() => Write(cache, seed, stop.Token))));
        long[] found = await Task.WhenAll(Enumerable.Range(2, 2).Select(seed => Task.Run(() => Read(cache, seed, stop.Token))));
        await writers;
        return found.Sum();
    }

    private static void Write(StripedCache cache, int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        Span<byte> key = stackalloc byte[sizeof(int)];
        Span<byte> value = stackalloc byte[MaxWords * sizeof(ulong)];
        while (!stop.IsCancellationRequested)
        {
            int number = random.Next(Keys);
            BinaryPrimitives.WriteInt32LittleEndian(key, number);
            if (random.Next(16) == 0)
            {
                cache.Remove(HashOf(number), key);
                continue;
            }

            // Often of the length that it has, so that it is replaced in place.
            int words = random.Next(4) == 0 ? random.Next(1, MaxWords) : 1 + (number % (MaxWords - 1));
            ulong filling = ((ulong)number << 32) | (uint)random.Next();
            for (int i = 0; i < words; i++)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(value[(i * sizeof(ulong))..], filling);
            }

            int uses = random.Next(4) == 0 ? random.Next(3) : -1;
            cache.Set(HashOf(number), key, value[..(words * sizeof(ulong))], (long)filling, (uint)filling, uses);
        }
    }

    private static long Read(StripedCache cache, int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        Span<byte> key = stackalloc byte[sizeof(int)];
        Span<byte> value = stackalloc byte[MaxWords * sizeof(ulong)];
        long found = 0;
        while (!stop.IsCancellationRequested)
        {
            int number = random.Next(Keys);
            BinaryPrimitives.WriteInt32LittleEndian(key, number);
            if (cache.TryGet(HashOf(number), key, now: -1, value, out CacheEntry entry) == CacheLookup.Found)
            {
                Verify(number, value[..entry.Length], entry);
                found++;
            }
        }

        return found;
    }

    private static void Verify(int number, ReadOnlySpan<byte> value, CacheEntry entry)
    {
        ulong filling = (ulong)entry.Expires;
        bool isWhole = filling >> 32 == (ulong)number && (uint)filling == entry.Life && value.Length > 0;
        for (int i = 0; i < value.Length; i += sizeof(ulong))
        {
            isWhole &= BinaryPrimitives.ReadUInt64LittleEndian(value[i..]) == filling;
        }

        if (!isWhole)
        {
            throw new InvalidOperationException($"Key {number} has a torn value of {value.Length} bytes: {Convert.ToHexString(value)}");
        }
    }

    private static ulong HashOf(int number) => (ulong)(number / 2) * 0x9E3779B97F4A7C15;
}
