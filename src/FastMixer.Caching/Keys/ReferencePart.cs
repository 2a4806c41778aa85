using FastMixer.Protocol.Attributes;

namespace FastMixer.Caching.Keys;

/// <summary>
/// A look-up of a set: of a whole attribute, or of one key of a map, and whether something was found. A key that is absent is absent from a map that is
/// there; that the whole map is absent is another look-up.
/// </summary>
/// <param name="Slot">The attribute's slot.</param>
/// <param name="Key">The key, UTF-8, or null for the whole attribute.</param>
/// <param name="IsPresent">Whether something was found: its value counts. Else its absence does.</param>
/// <param name="Type">The attribute's type.</param>
public sealed record ReferencePart(int Slot, byte[]? Key, bool IsPresent, AttributeType Type)
{
    /// <summary>Whether it is a look-up of the same, whatever it found.</summary>
    internal bool LooksUpSameAs(ReferencePart other) =>
        Slot == other.Slot && Key is null == other.Key is null && Key.AsSpan().SequenceEqual(other.Key);

    /// <summary>The order of parts: by slot, the whole attribute before its keys, keys by their bytes, absent before present.</summary>
    internal int CompareTo(int slot, bool hasKey, ReadOnlySpan<byte> key, bool present)
    {
        int order = Slot.CompareTo(slot);
        order = order != 0 ? order : (Key is not null).CompareTo(hasKey);
        order = order != 0 || !hasKey ? order : Key.AsSpan().SequenceCompareTo(key);
        return order != 0 ? order : IsPresent.CompareTo(present);
    }
}
