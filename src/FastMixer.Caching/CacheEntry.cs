namespace FastMixer.Caching;

/// <summary>What a look-up found.</summary>
public enum CacheLookup
{
    /// <summary>No entry has the key.</summary>
    Absent,

    /// <summary>The entry, whose value has been copied.</summary>
    Found,

    /// <summary>An entry whose time is over.</summary>
    Expired,

    /// <summary>An entry whose uses are all taken.</summary>
    UsedUp,

    /// <summary>The entry, whose value does not fit the destination; nothing was copied, no use taken.</summary>
    TooLong,
}

/// <summary>What became of a value that was to be kept.</summary>
public enum CacheStore
{
    /// <summary>It is kept, under a key not seen lately.</summary>
    Added,

    /// <summary>It is kept, under a key that was evicted not long ago.</summary>
    Returned,

    /// <summary>It is kept in place of the value that the key had.</summary>
    Replaced,

    /// <summary>It is not kept: key or value are longer than <see cref="StripedCache.MaxPartBytes"/>, or both together than a part of a stripe.</summary>
    TooLarge,
}

/// <summary>What is known of an entry beside its value.</summary>
/// <param name="Length">The value's length in bytes.</param>
/// <param name="Expires">When its time is over, on the owner's clock.</param>
/// <param name="Life">How long it was to live when it was stored, in the owner's unit.</param>
/// <param name="UsesLeft">How many uses are left after this one; −1 without bound.</param>
public readonly record struct CacheEntry(int Length, long Expires, uint Life, int UsesLeft);

/// <summary>What a cache did since it was made. A count may lag behind by what other threads do at the moment.</summary>
/// <param name="Entries">How many entries it has now, those included whose time is over and whose place was not needed yet.</param>
/// <param name="Stored">How many values were stored.</param>
/// <param name="Evicted">How many entries had to go for others, time and uses left.</param>
/// <param name="TooLarge">How many values were too large to be kept.</param>
public readonly record struct CacheCounts(long Entries, long Stored, long Evicted, long TooLarge)
{
    /// <summary>The counts of two parts together.</summary>
    public static CacheCounts operator +(CacheCounts left, CacheCounts right) => new(
        left.Entries + right.Entries, left.Stored + right.Stored, left.Evicted + right.Evicted, left.TooLarge + right.TooLarge);
}
