using System.Text;

namespace FastMixer.Policy.Config;

/// <summary>Makes text of the bytes of a file. A configuration is UTF-8, with or without a byte order mark.</summary>
internal static class ConfigText
{
    /// <summary>Decodes a file.</summary>
    /// <param name="file">Its name, for problems.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="problem">What is wrong, at the first byte that is not UTF-8.</param>
    /// <returns>The text without a mark, or null.</returns>
    public static string? Decode(string file, ReadOnlySpan<byte> bytes, out Problem? problem)
    {
        ReadOnlySpan<byte> text = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        int valid = ValidLength(text);
        problem = valid == text.Length ? null : new Problem(Severity.Error, PlaceOf(file, text[..valid]), Describe(bytes, text[valid]));
        return problem is null ? Encoding.UTF8.GetString(text) : null;
    }

    private static int ValidLength(ReadOnlySpan<byte> text)
    {
        if (System.Text.Unicode.Utf8.IsValid(text))
        {
            return text.Length;
        }

        int valid = 0;
        while (Rune.DecodeFromUtf8(text[valid..], out _, out int length) == System.Buffers.OperationStatus.Done)
        {
            valid += length;
        }

        return valid;
    }

    private static Place PlaceOf(string file, ReadOnlySpan<byte> before)
    {
        int lineStart = before.LastIndexOf((byte)'\n') + 1;
        return new Place(file, before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[lineStart..]) + 1);
    }

    private static string Describe(ReadOnlySpan<byte> bytes, byte wrong)
    {
        string hint = bytes is [0xff, 0xfe, ..] or [0xfe, 0xff, ..] ? " It looks like UTF-16." : "";
        return $"The byte 0x{wrong:X2} is not UTF-8: a configuration must be saved as UTF-8.{hint}";
    }
}
