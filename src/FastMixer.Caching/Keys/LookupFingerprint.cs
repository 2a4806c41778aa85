using System.IO.Hashing;

namespace FastMixer.Caching.Keys;

/// <summary>
/// 128 bits that stand for one look-up and what it found, so that sets of look-ups can be told apart by the sum, in whatever order they were made.
/// Slots mean something within one vocabulary only, and so do these.
/// </summary>
public static class LookupFingerprint
{
    // Odd, with bits everywhere: from the fraction of the golden ratio, and of the square root of 3.
    private static readonly UInt128 OfSlot = new(0x9e37_79b9_7f4a_7c15, 0xf39c_c060_5ced_c835);
    private static readonly UInt128 OfKey = new(0xbb67_ae85_84ca_a73b, 0x2574_2d70_78b8_3b89);

    /// <summary>The fingerprint of a look-up. No allocation.</summary>
    /// <param name="slot">The attribute's slot.</param>
    /// <param name="hasKey">Whether it is about one key of a map.</param>
    /// <param name="key">The key, UTF-8; ignored otherwise.</param>
    /// <param name="present">Whether something was found.</param>
    public static UInt128 Of(int slot, bool hasKey, ReadOnlySpan<byte> key, bool present)
    {
        UInt128 mixed = (UInt128)(uint)((slot << 2) | (hasKey ? 2 : 0) | (present ? 1 : 0)) + 1;
        mixed *= OfSlot;
        mixed ^= mixed >> 67;
        mixed *= OfKey;
        return hasKey ? mixed ^ (XxHash128.HashToUInt128(key) * (mixed | 1)) : mixed;
    }
}
