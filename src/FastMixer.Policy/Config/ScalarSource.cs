namespace FastMixer.Policy.Config;

/// <summary>How a single value is written in its file, so that a character of the value can be found there again.</summary>
/// <param name="File">The text of the file.</param>
/// <param name="Start">Where the value begins: at its quote, or at the sign of a block.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Style">How it is written.</param>
internal sealed record ScalarSource(string File, int Start, int End, ScalarSource.Writing Style)
{
    /// <summary>The ways to write a value in YAML.</summary>
    internal enum Writing
    {
        /// <summary>As it is.</summary>
        Plain,

        /// <summary>Between single quotes; two of them stand for one.</summary>
        SingleQuoted,

        /// <summary>Between double quotes, with escapes.</summary>
        DoubleQuoted,

        /// <summary>As a block of lines, behind a <c>|</c> or a <c>&gt;</c>.</summary>
        Block,
    }

    /// <summary>
    /// Finds a character. However a value is written, only its white space differs from what it says, and escapes: so the same number of other
    /// characters stands before it.
    /// </summary>
    /// <param name="place">The place of <see cref="Start"/>.</param>
    /// <param name="text">What the value says.</param>
    /// <param name="offset">The character's offset in it.</param>
    public Place Locate(Place place, string text, int offset)
    {
        int wanted = CountInk(text.AsSpan(0, Math.Min(offset, text.Length)));
        int at = Style switch
        {
            Writing.Plain => Start,
            Writing.Block => Math.Max(Start, File.IndexOf('\n', Start)),
            _ => Start + 1,
        };
        while (at < End && (wanted > 0 || (offset < text.Length && char.IsWhiteSpace(File[at]))))
        {
            wanted -= char.IsWhiteSpace(File[at]) ? 0 : 1;
            at += Style == Writing.DoubleQuoted && File[at] == '\\' ? EscapeLength(at)
                : Style == Writing.SingleQuoted && File[at] == '\'' ? 2
                : 1;
        }

        ReadOnlySpan<char> before = File.AsSpan(Start, Math.Min(at, File.Length) - Start);
        int lines = before.Count('\n');
        return lines == 0
            ? place with { Column = place.Column + before.Length }
            : new Place(place.File, place.Line + lines, before.Length - before.LastIndexOf('\n'));
    }

    private static int CountInk(ReadOnlySpan<char> text)
    {
        int count = 0;
        foreach (char character in text)
        {
            count += char.IsWhiteSpace(character) ? 0 : 1;
        }

        return count;
    }

    private int EscapeLength(int at) => at + 1 < File.Length && File[at + 1] is 'x' ? 4 : at + 1 < File.Length && File[at + 1] is 'u' ? 6 : 2;
}
