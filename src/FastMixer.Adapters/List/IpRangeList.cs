using FastMixer.Policy.Language;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Adapters.List;

/// <summary>
/// A list of IP ranges: sorted, with those that touch or overlap made one, so that a value is looked for in the logarithm of their number.
/// </summary>
internal sealed class IpRangeList : IEntryList
{
    // Apart from each other, so that the search walks over what it compares only.
    private readonly UInt128[] _first;
    private readonly UInt128[] _last;

    /// <summary>A list of ranges.</summary>
    /// <param name="ranges">The ranges, in any order.</param>
    public IpRangeList(IEnumerable<IpRange> ranges)
    {
        List<IpRange> merged = Merge(ranges);
        _first = [.. merged.Select(range => range.First)];
        _last = [.. merged.Select(range => range.Last)];
    }

    /// <inheritdoc/>
    public int Count => _first.Length;

    /// <summary>A list of addresses and ranges.</summary>
    /// <param name="entries">Their texts.</param>
    /// <param name="fail">Takes what is none.</param>
    public static IpRangeList Create(IReadOnlyList<string> entries, Action<int, string> fail)
    {
        var ranges = new List<IpRange>();
        for (int i = 0; i < entries.Count; i++)
        {
            if (IpRange.TryParse(entries[i], out IpRange range))
            {
                ranges.Add(range);
            }
            else
            {
                fail(i, "is no IP address or range: expected one such as 10.0.0.1, 10.0.0.0/8 or fd00::/8.");
            }
        }

        return new IpRangeList(ranges);
    }

    /// <inheritdoc/>
    public bool TryContains(ReadOnlySpan<byte> value, AttributeType type, out bool found)
    {
        bool isAddress = TryRead(value, type, out UInt128 address);
        found = isAddress && Contains(address);
        return isAddress;
    }

    private bool Contains(UInt128 address)
    {
        int index = Array.BinarySearch(_first, address);
        return index >= 0 || (index != ~0 && address <= _last[~index - 1]);
    }

    // Text may be an address too.
    private static bool TryRead(ReadOnlySpan<byte> value, AttributeType type, out UInt128 address)
    {
        if (type == AttributeType.IpAddress)
        {
            return IpRange.TryWiden(value, out address);
        }

        address = default;
        Span<byte> bytes = stackalloc byte[IpAddressText.MaxBytes];
        return type == AttributeType.String && IpAddressText.TryParse(value, bytes, out int length) && IpRange.TryWiden(bytes[..length], out address);
    }

    private static List<IpRange> Merge(IEnumerable<IpRange> ranges)
    {
        var merged = new List<IpRange>();
        foreach (IpRange range in ranges.OrderBy(range => range.First))
        {
            if (merged.Count > 0 && (range.First <= merged[^1].Last || range.First == merged[^1].Last + 1))
            {
                merged[^1] = merged[^1] with { Last = UInt128.Max(merged[^1].Last, range.Last) };
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged;
    }
}
