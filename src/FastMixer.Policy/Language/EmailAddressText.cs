using System.Buffers;

namespace FastMixer.Policy.Language;

/// <summary>E-mail addresses as text, <c>local@domain</c>, without a display name. No member allocates.</summary>
internal static class EmailAddressText
{
    private static readonly SearchValues<byte> NotInLocalPart = SearchValues.Create(" <>()[],;:@\\\"\t\r\n"u8);

    /// <summary>Whether two addresses are the same: the local part exactly, the domain as a DNS name.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int first = left.LastIndexOf((byte)'@');
        int second = right.LastIndexOf((byte)'@');
        return first < 0 || first != second
            ? left.SequenceEqual(right)
            : left[..first].SequenceEqual(right[..second]) && DnsNameText.AreEqual(left[(first + 1)..], right[(second + 1)..]);
    }

    /// <summary>Whether text is an address.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        int at = text.LastIndexOf((byte)'@');
        return at > 0 && !text[..at].ContainsAny(NotInLocalPart) && DnsNameText.IsValid(text[(at + 1)..]);
    }
}
