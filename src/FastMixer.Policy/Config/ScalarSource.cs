using System.Globalization;

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
        while (at < End)
        {
            (int length, int ink) = Next(at);
            if (wanted <= 0 && (ink > 0 || offset >= text.Length))
            {
                break;
            }

            wanted -= ink;
            at += length;
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

    // How many characters of the file stand for the next ones of the value, and how many of those are no white space.
    private (int Length, int Ink) Next(int at) => (Style, File[at]) switch
    {
        (Writing.DoubleQuoted, '\\') when at + 1 < End => Escape(at),
        (Writing.SingleQuoted, '\'') => (2, 1),
        (_, var character) => (1, char.IsWhiteSpace(character) ? 0 : 1),
    };

    private (int Length, int Ink) Escape(int at) => File[at + 1] switch
    {
        'x' => Numbered(at, 2),
        'u' => Numbered(at, 4),
        'U' => Numbered(at, 8),
        't' or 'n' or 'v' or 'f' or 'r' or 'N' or '_' or 'L' or 'P' or ' ' or '\t' or '\r' or '\n' => (2, 0),
        _ => (2, 1),
    };

    private (int Length, int Ink) Numbered(int at, int digits)
    {
        ReadOnlySpan<char> number = File.AsSpan(at + 2, Math.Min(digits, End - at - 2));
        bool isNumber = uint.TryParse(number, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint code);
        return (digits + 2, !isNumber ? 1 : code > char.MaxValue ? 2 : char.IsWhiteSpace((char)code) ? 0 : 1);
    }
}
