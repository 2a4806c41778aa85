using System.Buffers.Binary;

namespace FastMixer.Benchmarks.Caching.Throughput;

/// <summary>
/// What is asked of a cache: a million keys as long as those of twelve attributes, asked for as Zipf's law with an exponent of 0.99 has it, with values as
/// long as verdicts. Keys are written into the caller's buffer, as a server writes them, and so are in its core's cache when they are looked up.
/// </summary>
internal sealed class CacheWorkload
{
    /// <summary>How many keys there are.</summary>
    public const int Keys = 1_000_000;

    /// <summary>How much room caches are given, in entries: for all keys, and some more where hashing is not even.</summary>
    public const int Entries = 1 << 20;

    /// <summary>The length of a key, in bytes.</summary>
    public const int KeyBytes = 248;

    /// <summary>The length of a value, in bytes.</summary>
    public const int ValueBytes = 100;

    /// <summary>What the product's cache needs for both together, in bytes of <see cref="FastMixer.Caching.StripedCacheOptions.Bytes"/>.</summary>
    public const int RecordBytes = KeyBytes + ValueBytes + 28;

    /// <summary>Every how manyth operation is a write, where there are any.</summary>
    public const int WriteEvery = 10;

    private const double Exponent = 0.99;
    private const int OrderLength = 1 << 22;

    private static readonly byte[] Template = WriteTemplate();

    private readonly int[] _order = DrawOrder(new Random(12));

    /// <summary>A value.</summary>
    public byte[] Value { get; } = [.. Enumerable.Range(0, ValueBytes).Select(i => (byte)i)];

    /// <summary>Which key is asked for.</summary>
    /// <param name="turn">The how manyth operation it is, from any start.</param>
    public int KeyAt(int turn) => _order[turn & (OrderLength - 1)];

    /// <summary>Writes a key.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="destination">Where to, <see cref="KeyBytes"/> long.</param>
    public static void WriteKey(int index, Span<byte> destination)
    {
        Template.CopyTo(destination);

        // In the source's workload and in the path: near the front, and near the end.
        BinaryPrimitives.WriteInt32LittleEndian(destination[24..], index);
        BinaryPrimitives.WriteInt32LittleEndian(destination[(KeyBytes - 32)..], index);
    }

    private static byte[] WriteTemplate()
    {
        var template = new byte[KeyBytes];
        for (int i = 0; i < KeyBytes; i++)
        {
            template[i] = (byte)('a' + (i % 23));
        }

        return template;
    }

    // By the inverse of the distribution's integral. Which keys are asked for most is left to chance, not to the order in which they were stored.
    private static int[] DrawOrder(Random random)
    {
        int[] keyOfRank = [.. Enumerable.Range(0, Keys)];
        random.Shuffle(keyOfRank);
        double range = Math.Pow(Keys, 1 - Exponent) - 1;
        var order = new int[OrderLength];
        for (int i = 0; i < order.Length; i++)
        {
            double rank = Math.Pow((random.NextDouble() * range) + 1, 1 / (1 - Exponent));
            order[i] = keyOfRank[Math.Min((int)rank, Keys) - 1];
        }

        return order;
    }
}
