using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using FastMixer.Policy.Language;

namespace FastMixer.Adapters.List;

/// <summary>Addresses that follow each other. IPv4 is kept as v4-mapped IPv6, so that both forms of an address are one.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last; not below the first.</param>
internal readonly record struct IpRange(UInt128 First, UInt128 Last)
{
    private const int Bits = 128;
    private const int MappedBits = 96;

    /// <summary>Reads an address or a range in CIDR notation. Bits beyond the prefix do not matter.</summary>
    /// <param name="text">The text.</param>
    /// <param name="range">The range.</param>
    public static bool TryParse(string text, out IpRange range)
    {
        range = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string address = slash < 0 ? text : text[..slash];
        Span<byte> bytes = stackalloc byte[IpAddressText.MaxBytes];
        if (!IpAddressText.TryParse(Encoding.UTF8.GetBytes(address), bytes, out int length) || !TryWiden(bytes[..length], out UInt128 first))
        {
            return false;
        }

        int width = length * 8;
        int bits = width;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out bits) || bits > width))
        {
            return false;
        }

        bits += Bits - width;
        UInt128 rest = bits == 0 ? UInt128.MaxValue : (UInt128.One << (Bits - bits)) - 1;
        range = new IpRange(first & ~rest, first | rest);
        return true;
    }

    /// <summary>Makes a number of an address.</summary>
    /// <param name="bytes">4 or 16 bytes in network order.</param>
    /// <param name="address">The number.</param>
    /// <returns>False if there are not so many.</returns>
    public static bool TryWiden(ReadOnlySpan<byte> bytes, out UInt128 address)
    {
        address = bytes.Length switch
        {
            4 => ((UInt128)0xffff << (Bits - MappedBits)) | BinaryPrimitives.ReadUInt32BigEndian(bytes),
            16 => BinaryPrimitives.ReadUInt128BigEndian(bytes),
            _ => default,
        };
        return bytes.Length is 4 or 16;
    }
}
