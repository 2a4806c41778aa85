using System.Text;

namespace FastMixer.Policy.Language;

/// <summary>URIs as text (RFC 3986), with characters beyond ASCII taken as they are. No member allocates.</summary>
internal static class UriText
{
    /// <summary>
    /// Whether two URIs are the same: the scheme without regard to case; with http and https the host as a DNS name; everything else exactly.
    /// </summary>
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int first = SchemeLength(left);
        int second = SchemeLength(right);
        if (first <= 0 || first != second)
        {
            return left.SequenceEqual(right);
        }

        ReadOnlySpan<byte> scheme = left[..first];
        if (!Ascii.EqualsIgnoreCase(scheme, right[..second]))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = left[first..];
        ReadOnlySpan<byte> otherRest = right[second..];
        bool isHttp = Ascii.EqualsIgnoreCase(scheme, "http"u8) || Ascii.EqualsIgnoreCase(scheme, "https"u8);
        if (!isHttp || !TryFindHost(rest, out Range host) || !TryFindHost(otherRest, out Range otherHost))
        {
            return rest.SequenceEqual(otherRest);
        }

        return rest[..host.Start].SequenceEqual(otherRest[..otherHost.Start])
            && DnsNameText.AreEqual(rest[host], otherRest[otherHost])
            && rest[host.End..].SequenceEqual(otherRest[otherHost.End..]);
    }

    /// <summary>Whether text is a URI or a relative reference, and not empty.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || SchemeLength(text) < 0)
        {
            return false;
        }

        for (int i = 0; i < text.Length; i++)
        {
            bool isEscape = text[i] != (byte)'%'
                || (i + 2 < text.Length && char.IsAsciiHexDigit((char)text[i + 1]) && char.IsAsciiHexDigit((char)text[i + 2]));
            if (text[i] is <= (byte)' ' or 0x7f or (byte)'<' or (byte)'>' or (byte)'"' || !isEscape)
            {
                return false;
            }
        }

        return true;
    }

    // How long the scheme before the first colon is; 0 for a relative reference; below 0 if what stands there can be neither.
    private static int SchemeLength(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAny(":/?#"u8);
        if (end < 0 || text[end] != (byte)':')
        {
            return 0;
        }

        for (int i = 0; i < end; i++)
        {
            char letter = (char)text[i];
            if (!char.IsAsciiLetter(letter) && (i == 0 || (!char.IsAsciiDigit(letter) && letter is not ('+' or '-' or '.'))))
            {
                return -1;
            }
        }

        return end == 0 ? -1 : end;
    }

    // In "://user@host:port/rest": what stands between the user and the port.
    private static bool TryFindHost(ReadOnlySpan<byte> afterScheme, out Range host)
    {
        ReadOnlySpan<byte> mark = "://"u8;
        host = default;
        if (!afterScheme.StartsWith(mark))
        {
            return false;
        }

        int end = afterScheme[mark.Length..].IndexOfAny("/?#"u8);
        end = end < 0 ? afterScheme.Length : end + mark.Length;
        int start = Math.Max(mark.Length, afterScheme[..end].LastIndexOf((byte)'@') + 1);
        int bracket = afterScheme[start..end].LastIndexOf((byte)']') + 1;
        int port = afterScheme[(start + bracket)..end].IndexOf((byte)':');
        host = start..(port < 0 ? end : start + bracket + port);
        return true;
    }
}
