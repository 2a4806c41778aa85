using System.Text;

namespace FastMixer.Policy.Language;

/// <summary>
/// DNS names as text. Internationalized names are taken in their ASCII form: each character in lower case, each label that is not ASCII in
/// Punycode behind <c>xn--</c>. Characters are not normalized. No member allocates.
/// </summary>
internal static class DnsNameText
{
    private const int MaxNameBytes = 253;
    private const int MaxLabelBytes = 63;

    /// <summary>Whether two names are the same: without regard to case, to a trailing dot, and to how internationalized labels are written.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        ReadOnlySpan<byte> first = TrimDot(left);
        ReadOnlySpan<byte> second = TrimDot(right);
        if (Ascii.IsValid(first) && Ascii.IsValid(second))
        {
            return Ascii.EqualsIgnoreCase(first, second);
        }

        Span<byte> firstAscii = stackalloc byte[MaxNameBytes];
        Span<byte> secondAscii = stackalloc byte[MaxNameBytes];
        return TryToAscii(first, firstAscii, out int firstLength) && TryToAscii(second, secondAscii, out int secondLength)
            ? firstAscii[..firstLength].SequenceEqual(secondAscii[..secondLength])
            : first.SequenceEqual(second);
    }

    /// <summary>Whether text is a DNS name: labels of 1 to 63 letters, digits, hyphens and underscores, 253 bytes in all, in ASCII form.</summary>
    public static bool IsValid(ReadOnlySpan<byte> name)
    {
        Span<byte> ascii = stackalloc byte[MaxNameBytes];
        if (!TryToAscii(TrimDot(name), ascii, out int length) || length == 0)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = ascii[..length];
        while (true)
        {
            int dot = rest.IndexOf((byte)'.');
            if (!IsLabel(dot < 0 ? rest : rest[..dot]))
            {
                return false;
            }

            if (dot < 0)
            {
                return true;
            }

            rest = rest[(dot + 1)..];
        }
    }

    private static bool IsLabel(ReadOnlySpan<byte> label)
    {
        if (label.Length is 0 or > MaxLabelBytes || label[0] == (byte)'-' || label[^1] == (byte)'-')
        {
            return false;
        }

        foreach (byte letter in label)
        {
            if (!char.IsAsciiLetterOrDigit((char)letter) && letter is not ((byte)'-' or (byte)'_'))
            {
                return false;
            }
        }

        return true;
    }

    private static ReadOnlySpan<byte> TrimDot(ReadOnlySpan<byte> name) => name is [.. var rest, (byte)'.'] ? rest : name;

    private static bool TryToAscii(ReadOnlySpan<byte> name, Span<byte> ascii, out int written)
    {
        Span<int> label = stackalloc int[MaxLabelBytes];
        (int length, bool isAscii) = (0, true);
        written = 0;
        while (!name.IsEmpty)
        {
            Rune.DecodeFromUtf8(name, out Rune character, out int consumed);
            name = name[consumed..];
            if (IsDot(character))
            {
                if (!TryWriteLabel(label[..length], isAscii, ascii, ref written) || written == ascii.Length)
                {
                    return false;
                }

                ascii[written++] = (byte)'.';
                (length, isAscii) = (0, true);
                continue;
            }

            if (length == MaxLabelBytes)
            {
                return false;
            }

            label[length++] = Rune.ToLowerInvariant(character).Value;
            isAscii &= character.IsAscii;
        }

        return TryWriteLabel(label[..length], isAscii, ascii, ref written);
    }

    // The dots of RFC 3490, section 3.1.
    private static bool IsDot(Rune character) => character.Value is '.' or 0x3002 or 0xff0e or 0xff61;

    private static bool TryWriteLabel(ReadOnlySpan<int> label, bool isAscii, Span<byte> ascii, ref int written)
    {
        Span<byte> room = ascii[written..];
        if (isAscii)
        {
            for (int i = 0; i < label.Length && i < room.Length; i++)
            {
                room[i] = (byte)label[i];
            }

            written += Math.Min(label.Length, room.Length);
            return label.Length <= room.Length;
        }

        ReadOnlySpan<byte> prefix = "xn--"u8;
        if (!prefix.TryCopyTo(room) || !Punycode.TryEncode(label, room[prefix.Length..], out int encoded))
        {
            return false;
        }

        written += prefix.Length + encoded;
        return true;
    }
}
