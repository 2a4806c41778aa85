using System.Buffers;
using System.Text;

namespace FastMixer.Adapters.Statsd;

/// <summary>Text that cannot be taken for a line's syntax: what would be is replaced by <c>_</c>.</summary>
internal static class StatsdText
{
    private const byte Replacement = (byte)'_';

    // Blanks and control characters, and what ends a name or a section.
    private static readonly SearchValues<byte> InNames = SearchValues.Create([.. Controls(), .. " :|@#,"u8]);

    // The same of a tag, whose value may have blanks and colons.
    private static readonly SearchValues<byte> InTags = SearchValues.Create([.. Controls(), .. "|,"u8]);

    /// <summary>Writes a part of a name.</summary>
    public static void WriteName(ReadOnlySpan<byte> utf8, IBufferWriter<byte> output) => Write(utf8, InNames, output);

    /// <summary>Writes the value of a tag.</summary>
    public static void WriteTag(ReadOnlySpan<byte> utf8, IBufferWriter<byte> output) => Write(utf8, InTags, output);

    /// <summary>A part of a name, or the name of a tag.</summary>
    public static string CleanName(string text) => Clean(text, InNames);

    /// <summary>The value of a tag.</summary>
    public static string CleanTag(string text) => Clean(text, InTags);

    private static string Clean(string text, SearchValues<byte> reserved)
    {
        var output = new ArrayBufferWriter<byte>();
        Write(Encoding.UTF8.GetBytes(text), reserved, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void Write(ReadOnlySpan<byte> utf8, SearchValues<byte> reserved, IBufferWriter<byte> output)
    {
        while (utf8.IndexOfAny(reserved) is var at && at >= 0)
        {
            output.Write(utf8[..at]);
            output.Write([Replacement]);
            utf8 = utf8[(at + 1)..];
        }

        output.Write(utf8);
    }

    private static IEnumerable<byte> Controls() => Enumerable.Range(0, ' ').Append(0x7f).Select(control => (byte)control);
}
