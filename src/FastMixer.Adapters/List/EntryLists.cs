using System.Collections.Frozen;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using FastMixer.Policy.Config;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Words;

namespace FastMixer.Adapters.List;

/// <summary>Entries that can be asked for a value. Immutable; asking allocates nothing.</summary>
internal interface IEntryList
{
    /// <summary>What a value must be, for messages.</summary>
    string Expected { get; }

    /// <summary>Whether a value is in the list.</summary>
    /// <param name="value">Its bytes.</param>
    /// <param name="type">What they are.</param>
    /// <param name="found">Whether it is in the list.</param>
    /// <returns>False if such a value cannot be looked for.</returns>
    bool TryContains(ReadOnlySpan<byte> value, AttributeType type, out bool found);
}

/// <summary>Makes lists of their entries' texts.</summary>
internal static class EntryLists
{
    /// <summary>A list; entries that are none are problems.</summary>
    public static IEntryList Create(EntryType type, IReadOnlyList<ScalarNode> entries, ParameterReader problems) => type switch
    {
        EntryType.IpAddresses => IpRangeList.Create(entries, problems),
        EntryType.Regex => RegexList.Create(entries, problems),
        _ => new TextList(entries.Select(entry => entry.Text), ignoreCase: type == EntryType.CaseInsensitiveStrings),
    };
}

/// <summary>A list of texts.</summary>
internal sealed class TextList : IEntryList
{
    private readonly FrozenSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> _entries;
    private readonly byte[][]? _folded;

    /// <summary>A list of texts.</summary>
    public TextList(IEnumerable<string> entries, bool ignoreCase)
    {
        byte[][] texts = [.. entries.Select(Encoding.UTF8.GetBytes)];
        _entries = texts.ToFrozenSet<byte[]>(Utf8Comparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();
        _folded = ignoreCase ? texts : null;
    }

    /// <inheritdoc/>
    public string Expected => "text";

    /// <inheritdoc/>
    public bool TryContains(ReadOnlySpan<byte> value, AttributeType type, out bool found)
    {
        found = false;
        if (!type.IsText())
        {
            return false;
        }

        found = _folded is null ? _entries.Contains(value) : ContainsIgnoringCase(value);
        return true;
    }

    private bool ContainsIgnoringCase(ReadOnlySpan<byte> value)
    {
        foreach (byte[] entry in _folded!)
        {
            if (entry.Length == value.Length && EqualsIgnoringCase(entry, value))
            {
                return true;
            }
        }

        return false;
    }

    private static bool EqualsIgnoringCase(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        Ascii.IsValid(left) ? Ascii.EqualsIgnoreCase(left, right) : left.SequenceEqual(right);
}

/// <summary>A list of regular expressions.</summary>
internal sealed class RegexList(IReadOnlyList<Regex> patterns) : IEntryList
{
    /// <inheritdoc/>
    public string Expected => "text";

    /// <summary>A list of patterns.</summary>
    public static RegexList Create(IReadOnlyList<ScalarNode> entries, ParameterReader problems)
    {
        var patterns = new List<Regex>();
        foreach (ScalarNode entry in entries)
        {
            if (LinearRegex.TryCreate(entry.Text, out string problem) is { } regex)
            {
                patterns.Add(regex);
            }
            else
            {
                problems.Fail(entry.Place, $"{entry.Describe()} is no regular expression: {problem}");
            }
        }

        return new RegexList(patterns);
    }

    /// <inheritdoc/>
    public bool TryContains(ReadOnlySpan<byte> value, AttributeType type, out bool found)
    {
        found = false;
        for (int i = 0; i < patterns.Count && type.IsText() && !found; i++)
        {
            found = LinearRegex.IsMatch(patterns[i], value);
        }

        return type.IsText();
    }
}

/// <summary>A list of IP ranges. IPv4 is kept as v4-mapped IPv6, so that both forms of an address are found.</summary>
internal sealed class IpRangeList : IEntryList
{
    private const int MappedBits = 96;

    private readonly Range[] _ranges;

    private IpRangeList(IEnumerable<Range> ranges) => _ranges = [.. ranges];

    /// <inheritdoc/>
    public string Expected => "an IP address";

    /// <summary>A list of addresses and ranges.</summary>
    public static IpRangeList Create(IReadOnlyList<ScalarNode> entries, ParameterReader problems)
    {
        var ranges = new List<Range>();
        foreach (ScalarNode entry in entries)
        {
            if (TryParse(entry.Text, out Range range))
            {
                ranges.Add(range);
            }
            else
            {
                problems.Fail(entry.Place, $"{entry.Describe()} is no IP address or range: expected one such as 10.0.0.1, 10.0.0.0/8 or fd00::/8.");
            }
        }

        return new IpRangeList(ranges);
    }

    /// <inheritdoc/>
    public bool TryContains(ReadOnlySpan<byte> value, AttributeType type, out bool found)
    {
        found = false;
        if (!TryRead(value, type, out UInt128 address))
        {
            return false;
        }

        foreach (ref readonly Range range in _ranges.AsSpan())
        {
            found |= (address & range.Mask) == range.Network;
        }

        return true;
    }

    private static bool TryRead(ReadOnlySpan<byte> value, AttributeType type, out UInt128 address)
    {
        address = default;
        if (type == AttributeType.IpAddress)
        {
            return TryWiden(value, out address);
        }

        // Text may be an address too; the parser allocates, so a policy does better to hand over an IP_ADDRESS.
        Span<byte> bytes = stackalloc byte[16];
        return type == AttributeType.String
            && IPAddress.TryParse(value, out IPAddress? parsed)
            && parsed.TryWriteBytes(bytes, out int length)
            && TryWiden(bytes[..length], out address);
    }

    private static bool TryWiden(ReadOnlySpan<byte> bytes, out UInt128 address)
    {
        address = default;
        switch (bytes.Length)
        {
            case 4:
                address = ((UInt128)0xffff << 32) | System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes);
                return true;
            case 16:
                address = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
                return true;
            default:
                return false;
        }
    }

    private static bool TryParse(string text, out Range range)
    {
        range = default;
        string[] parts = text.Split('/');
        if (parts.Length > 2 || !IPAddress.TryParse(parts[0], out IPAddress? address) || !TryWiden(address.GetAddressBytes(), out UInt128 network))
        {
            return false;
        }

        bool isV4 = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;
        int width = isV4 ? 32 : 128;
        int bits = width;
        if (parts.Length == 2 && (!int.TryParse(parts[1], out bits) || bits < 0 || bits > width))
        {
            return false;
        }

        bits += isV4 ? MappedBits : 0;
        UInt128 mask = bits == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - bits);
        range = new Range(network & mask, mask);
        return true;
    }

    private readonly record struct Range(UInt128 Network, UInt128 Mask);
}
