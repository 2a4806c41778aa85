using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace FastMixer.Cli.Attributes;

/// <summary>
/// IP addresses in their usual text, and nothing else that the framework would take for one (<c>1</c>, <c>0x7f.1</c>, <c>[::1]:80</c>).
/// </summary>
internal static class IpAddressText
{
    /// <summary>What an address looks like, for messages.</summary>
    public const string Expected = "an IP address such as 10.0.0.1 or 2001:db8::1";

    private static readonly SearchValues<char> AddressChars = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>Reads an address.</summary>
    /// <param name="text">Four decimal numbers without leading zeros, or IPv6 without a zone or brackets.</param>
    /// <param name="bytes">4 or 16 bytes in network order.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (text.ContainsAnyExcept(AddressChars) || !IPAddress.TryParse(text, out IPAddress? address))
        {
            return false;
        }

        Span<char> canonical = stackalloc char[64];
        if (address.AddressFamily == AddressFamily.InterNetwork
            && !(address.TryFormat(canonical, out int length) && canonical[..length].SequenceEqual(text)))
        {
            return false;
        }

        bytes = address.GetAddressBytes();
        return true;
    }
}
