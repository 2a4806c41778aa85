using FastMixer.Protocol.Attributes;

namespace FastMixer.Adapters.List;

/// <summary>Entries that can be asked for a value. Immutable; asking allocates nothing.</summary>
internal interface IEntryList
{
    /// <summary>How many entries there are; ranges that touch or overlap are one.</summary>
    int Count { get; }

    /// <summary>Whether a value is in the list.</summary>
    /// <param name="value">Its bytes.</param>
    /// <param name="type">What they are.</param>
    /// <param name="found">Whether it is in the list.</param>
    /// <returns>False if such a value cannot be looked for.</returns>
    bool TryContains(ReadOnlySpan<byte> value, AttributeType type, out bool found);
}

/// <summary>What the entries of a list are.</summary>
internal enum EntryType
{
    /// <summary>Text, compared byte by byte.</summary>
    Strings,

    /// <summary>Text, compared without regard to the case of ASCII letters.</summary>
    CaseInsensitiveStrings,

    /// <summary>IP addresses and ranges in CIDR notation.</summary>
    IpAddresses,

    /// <summary>Regular expressions that match anywhere in the text.</summary>
    Regex,
}

/// <summary>Makes lists of their entries' texts.</summary>
internal static class EntryLists
{
    /// <summary>Makes a list.</summary>
    /// <param name="type">What the entries are.</param>
    /// <param name="entries">Their texts.</param>
    /// <param name="fail">Takes the index of a text that is no entry, and how a sentence about it ends; the list goes without it.</param>
    public static IEntryList Create(EntryType type, IReadOnlyList<string> entries, Action<int, string> fail) => type switch
    {
        EntryType.IpAddresses => IpRangeList.Create(entries, fail),
        EntryType.Regex => RegexList.Create(entries, fail),
        _ => new TextList(entries, ignoreCase: type == EntryType.CaseInsensitiveStrings),
    };

    /// <summary>What a value must be, for messages.</summary>
    /// <param name="type">What the entries are.</param>
    public static string Expected(EntryType type) => type == EntryType.IpAddresses ? "an IP address" : "text";
}
