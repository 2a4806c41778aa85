using System.Buffers;
using System.Globalization;
using System.Text;

namespace FastMixer.Policy.Language.Evaluation;

/// <summary>Whether two IP addresses are the same host: an IPv4 address equals its v4-mapped IPv6 form (RFC 4291, section 2.5.5.2).</summary>
internal struct IpAddressOrder : IBytesOrder
{
    private static ReadOnlySpan<byte> MappedPrefix => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

    /// <inheritdoc/>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => Shortest(left).SequenceCompareTo(Shortest(right));

    private static ReadOnlySpan<byte> Shortest(ReadOnlySpan<byte> address) =>
        address.Length == 16 && address.StartsWith(MappedPrefix) ? address[12..] : address;
}

/// <summary>Whether two DNS names are the same: without regard to case or a trailing dot, internationalized names in their ASCII form (RFC 5890).</summary>
internal struct DnsNameOrder : IBytesOrder
{
    /// <inheritdoc/>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        ReadOnlySpan<byte> first = TrimDot(left);
        ReadOnlySpan<byte> second = TrimDot(right);
        if (Ascii.IsValid(first) && Ascii.IsValid(second))
        {
            return Ascii.EqualsIgnoreCase(first, second) ? 0 : 1;
        }

        return string.Equals(ToAscii(first), ToAscii(second), StringComparison.OrdinalIgnoreCase) ? 0 : 1;
    }

    /// <summary>Whether text is a DNS name: labels of 1 to 63 bytes, 253 in all, once in ASCII form.</summary>
    public static bool IsValid(ReadOnlySpan<byte> name)
    {
        string? ascii = ToAscii(TrimDot(name));
        return ascii is { Length: > 0 and <= 253 } && ascii.Split('.').All(IsLabel);
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static ReadOnlySpan<byte> TrimDot(ReadOnlySpan<byte> name) => name is [.. var rest, (byte)'.'] ? rest : name;

    private static string? ToAscii(ReadOnlySpan<byte> name)
    {
        try
        {
            return name.IsEmpty ? null : new IdnMapping().GetAscii(Encoding.UTF8.GetString(name));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>Whether two e-mail addresses are the same: the local part exactly, the domain as a DNS name.</summary>
internal struct EmailAddressOrder : IBytesOrder
{
    private static readonly SearchValues<byte> NotInLocalPart = SearchValues.Create(" <>()\"\t"u8);

    /// <inheritdoc/>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int first = left.LastIndexOf((byte)'@');
        int second = right.LastIndexOf((byte)'@');
        if (first < 0 || second < 0)
        {
            return left.SequenceCompareTo(right);
        }

        return left[..first].SequenceEqual(right[..second]) ? DnsNameOrder.Compare(left[(first + 1)..], right[(second + 1)..]) : 1;
    }

    /// <summary>Whether text is an address without a display name.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        int at = text.LastIndexOf((byte)'@');
        return at > 0 && text[..at].IndexOfAny(NotInLocalPart) < 0 && text[..at].IndexOf((byte)'@') < 0 && DnsNameOrder.IsValid(text[(at + 1)..]);
    }
}

/// <summary>
/// Whether two URIs are the same: the scheme without regard to case; with http and https the host as a DNS name; everything else exactly.
/// </summary>
internal struct UriOrder : IBytesOrder
{
    /// <inheritdoc/>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int first = left.IndexOf((byte)':');
        int second = right.IndexOf((byte)':');
        if (first < 0 || second < 0)
        {
            return left.SequenceCompareTo(right);
        }

        ReadOnlySpan<byte> scheme = left[..first];
        if (!Ascii.EqualsIgnoreCase(scheme, right[..second]))
        {
            return 1;
        }

        ReadOnlySpan<byte> firstRest = left[(first + 1)..];
        ReadOnlySpan<byte> secondRest = right[(second + 1)..];
        bool isHttp = Ascii.EqualsIgnoreCase(scheme, "http"u8) || Ascii.EqualsIgnoreCase(scheme, "https"u8);
        if (!isHttp || !TryCutHost(ref firstRest, out ReadOnlySpan<byte> firstHost) || !TryCutHost(ref secondRest, out ReadOnlySpan<byte> secondHost))
        {
            return firstRest.SequenceCompareTo(secondRest);
        }

        return firstRest.SequenceEqual(secondRest) ? DnsNameOrder.Compare(firstHost, secondHost) : 1;
    }

    /// <summary>Whether text is a URI or a relative reference.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && Uri.TryCreate(Encoding.UTF8.GetString(text), UriKind.RelativeOrAbsolute, out _) && text.IndexOfAny(" <>\""u8) < 0;

    // "//host:port/rest" becomes ":port/rest"; a user name stays with the host, where it is compared as part of it.
    private static bool TryCutHost(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> host)
    {
        host = default;
        if (!rest.StartsWith("//"u8))
        {
            return false;
        }

        ReadOnlySpan<byte> authority = rest[2..];
        int end = authority.IndexOfAny(":/?#"u8);
        end = end < 0 ? authority.Length : end;
        host = authority[..end];
        rest = authority[end..];
        return true;
    }
}
