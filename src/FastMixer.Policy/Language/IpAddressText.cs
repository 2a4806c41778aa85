using System.Buffers.Binary;
using System.Buffers.Text;

namespace FastMixer.Policy.Language;

/// <summary>IP addresses as text: <c>192.0.2.1</c>, <c>2001:db8::1</c>, <c>::ffff:192.0.2.1</c>. No zones, no shortened IPv4.</summary>
public static class IpAddressText
{
    /// <summary>The bytes of the longest address.</summary>
    public const int MaxBytes = 16;

    private const int V4Bytes = 4;

    /// <summary>Reads an address. No allocation.</summary>
    /// <param name="text">The text, UTF-8.</param>
    /// <param name="address">At least <see cref="MaxBytes"/> long; takes the address in network order.</param>
    /// <param name="length">4 or 16.</param>
    /// <returns>False if the text is no address.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, Span<byte> address, out int length)
    {
        bool isV6 = text.Contains((byte)':');
        length = isV6 ? MaxBytes : V4Bytes;
        return isV6 ? TryParseV6(text, address[..MaxBytes]) : TryParseV4(text, address[..V4Bytes]);
    }

    private static bool TryParseV4(ReadOnlySpan<byte> text, Span<byte> address)
    {
        for (int i = 0; i < V4Bytes; i++)
        {
            int end = i < V4Bytes - 1 ? text.IndexOf((byte)'.') : text.Length;
            ReadOnlySpan<byte> part = end < 0 ? default : text[..end];

            // A leading zero is refused: some read it as octal.
            bool isNumber = part.Length is > 0 and <= 3
                && !part.ContainsAnyExceptInRange((byte)'0', (byte)'9')
                && (part.Length == 1 || part[0] != (byte)'0');
            if (!isNumber || !Utf8Parser.TryParse(part, out address[i], out _))
            {
                return false;
            }

            text = text[Math.Min(end + 1, text.Length)..];
        }

        return true;
    }

    private static bool TryParseV6(ReadOnlySpan<byte> text, Span<byte> address)
    {
        address.Clear();
        int gap = text.IndexOf("::"u8);
        if (gap < 0)
        {
            return TryParseGroups(text, address, out int all) && all == MaxBytes;
        }

        Span<byte> tail = stackalloc byte[MaxBytes];
        if (!TryParseGroups(text[..gap], address, out int before)
            || !TryParseGroups(text[(gap + 2)..], tail, out int after)
            || before + after > MaxBytes - 2)
        {
            return false;
        }

        tail[..after].CopyTo(address[(MaxBytes - after)..]);
        return true;
    }

    // Groups of up to four hexadecimal digits between colons; the last may be an IPv4 address.
    private static bool TryParseGroups(ReadOnlySpan<byte> text, Span<byte> bytes, out int written)
    {
        written = 0;
        while (!text.IsEmpty)
        {
            int colon = text.IndexOf((byte)':');
            ReadOnlySpan<byte> group = colon < 0 ? text : text[..colon];
            if (colon < 0 && group.Contains((byte)'.'))
            {
                written += V4Bytes;
                return written <= MaxBytes && TryParseV4(group, bytes[(written - V4Bytes)..written]);
            }

            bool isGroup = group.Length is > 0 and <= 4 && written + 2 <= MaxBytes && colon != text.Length - 1;
            if (!isGroup || !Utf8Parser.TryParse(group, out ushort value, out int consumed, 'x') || consumed != group.Length)
            {
                return false;
            }

            BinaryPrimitives.WriteUInt16BigEndian(bytes[written..], value);
            written += 2;
            text = colon < 0 ? default : text[(colon + 1)..];
        }

        return true;
    }
}
