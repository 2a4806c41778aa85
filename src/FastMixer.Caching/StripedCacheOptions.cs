namespace FastMixer.Caching;

/// <summary>How large a cache is. All its memory is allocated when it is made.</summary>
public sealed record StripedCacheOptions
{
    /// <summary>The least number of bytes for records that may be asked for: 64 KiB.</summary>
    public const long MinBytes = 64 << 10;

    /// <summary>The greatest number of bytes for records that a stripe can have: 1 GiB. The cache can have this many times its stripes.</summary>
    public const long MaxStripeBytes = 1 << 30;

    /// <summary>The greatest number of entries that may be asked for: 2^28.</summary>
    public const int MaxEntries = 1 << 28;

    /// <summary>The greatest number of stripes.</summary>
    public const int MaxStripes = 256;

    /// <summary>How many entries a stripe has at least, where the number of stripes is not given: few enough for contention, enough for eviction to be good.</summary>
    public const int EntriesPerStripe = 4096;

    /// <summary>
    /// Room for records in bytes, keys and values with about 32 bytes that each record costs: 64 KiB to 256 GiB, and at most
    /// <see cref="MaxStripeBytes"/> for each stripe. Default: 64 MiB.
    /// </summary>
    public long Bytes { get; init; } = 64 << 20;

    /// <summary>The greatest number of entries: 1 to 2^28. What finds and judges them takes about 28 bytes an entry beside <see cref="Bytes"/>. Default: 131,072.</summary>
    public int Entries { get; init; } = 128 << 10;

    /// <summary>
    /// How many stripes there are: a power of two, at most <see cref="MaxStripes"/>. Writers of different stripes never meet. 0, the default, takes one
    /// for every <see cref="EntriesPerStripe"/> entries, and as many as <see cref="Bytes"/> needs.
    /// </summary>
    public int Stripes { get; init; }

    /// <summary>
    /// About how many entries the shadow has that judges the cache's size and its eviction, by a sample of the keys: 0 to <see cref="Entries"/>. Each takes some
    /// 350 bytes, and look-ups of sampled keys take longer. Without a shadow, 0, nothing is estimated and nothing adapts. Default: 256.
    /// </summary>
    public int ShadowEntries { get; init; } = 256;

    /// <summary>The number of stripes that these options come to.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is not in its range.</exception>
    internal int ValidateAndCountStripes()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Bytes, MinBytes, nameof(Bytes));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Bytes, MaxStripeBytes * MaxStripes, nameof(Bytes));
        ArgumentOutOfRangeException.ThrowIfLessThan(Entries, 1, nameof(Entries));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Entries, MaxEntries, nameof(Entries));
        ArgumentOutOfRangeException.ThrowIfLessThan(ShadowEntries, 0, nameof(ShadowEntries));
        if (Stripes == 0)
        {
            return ChooseStripes();
        }

        if (Stripes < 0 || Stripes > MaxStripes || (Stripes & (Stripes - 1)) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(Stripes), Stripes, $"It must be a power of two, at most {MaxStripes}, or 0 for the default.");
        }

        if (Bytes / Stripes > MaxStripeBytes)
        {
            throw new ArgumentOutOfRangeException(nameof(Bytes), Bytes, $"A stripe can have {MaxStripeBytes} bytes at most: {Stripes} stripes are too few.");
        }

        if (Bytes / Stripes < MinBytes)
        {
            throw new ArgumentOutOfRangeException(nameof(Stripes), Stripes, $"A stripe must have {MinBytes} bytes at least: {Bytes} bytes are too few.");
        }

        return Stripes;
    }

    private int ChooseStripes()
    {
        long byEntries = Math.Min(Entries / EntriesPerStripe, Bytes / (MinBytes * 4));
        long byBytes = (Bytes + MaxStripeBytes - 1) / MaxStripeBytes;
        int stripes = 1;
        while (stripes < MaxStripes && (stripes * 2 <= byEntries || stripes < byBytes))
        {
            stripes *= 2;
        }

        return stripes;
    }
}
