namespace FastMixer.Caching.Stripes;

/// <summary>
/// The content of a slot, one word, so that it changes at once: 13 bits of the hash, whether uses are bounded, how often the entry was hit lately,
/// a stamp, and where in the stripe's memory the record is. 0 is a free slot: a stamp is never 0.
/// </summary>
internal static class Slot
{
    /// <summary>How often an entry counts as hit at most.</summary>
    public const int MaxFrequency = 3;

    /// <summary>How far the tag is shifted.</summary>
    public const int TagShift = 51;

    /// <summary>The greatest place of a record, in units: 2 GiB.</summary>
    public const uint MaxPlace = (1u << PlaceBits) - 1;

    private const int PlaceBits = 28;
    private const int StampBits = 20;
    private const int FrequencyShift = PlaceBits + StampBits;
    private const ulong OneHit = 1ul << FrequencyShift;
    private const ulong FrequencyMask = 3ul << FrequencyShift;
    private const ulong BoundedMask = 1ul << (FrequencyShift + 2);

    /// <summary>The part of a hash that a slot has. Neither bucket nor stripe are chosen by these bits alone.</summary>
    public static ulong Tag(ulong hash) => (hash >> 32) & 0x1FFF;

    /// <summary>A slot's content.</summary>
    /// <param name="hash">The key's hash.</param>
    /// <param name="place">Where the record is, in units.</param>
    /// <param name="stamp">The number of the record among all that were written; some bits of it are kept.</param>
    /// <param name="bounded">Whether uses are bounded.</param>
    /// <param name="frequency">How often it counts as hit.</param>
    public static ulong Pack(ulong hash, uint place, uint stamp, bool bounded, int frequency) =>
        (Tag(hash) << TagShift) | (bounded ? BoundedMask : 0) | ((ulong)frequency << FrequencyShift) | Stamped(stamp) | place;

    /// <summary>Where the record is, in units.</summary>
    public static uint Place(ulong slot) => (uint)slot & MaxPlace;

    /// <summary>How often the entry was hit lately.</summary>
    public static int Frequency(ulong slot) => (int)((slot & FrequencyMask) >> FrequencyShift);

    /// <summary>Whether the entry's uses are bounded.</summary>
    public static bool IsBounded(ulong slot) => (slot & BoundedMask) != 0;

    /// <summary>Whether two contents are about the same record.</summary>
    public static bool IsSameRecord(ulong left, ulong right) => ((left ^ right) & ~FrequencyMask) == 0;

    /// <summary>Whether a further hit would change nothing.</summary>
    public static bool IsSaturated(ulong slot) => (slot & FrequencyMask) == FrequencyMask;

    /// <summary>The content after one more hit; the slot must not be saturated.</summary>
    public static ulong WithHit(ulong slot) => slot + OneHit;

    private static ulong Stamped(uint stamp) => (ulong)((stamp % ((1u << StampBits) - 1)) + 1) << PlaceBits;
}
