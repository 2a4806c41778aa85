using System.Text;

namespace FastMixer.Cli.Output;

/// <summary>Makes text that a peer or a log supplied safe for a terminal.</summary>
internal static class Printable
{
    /// <summary>
    /// The text on one line, with control characters written as <c>\u001b</c>: nothing in it moves a cursor or sets a colour.
    /// </summary>
    /// <param name="text">Any text.</param>
    public static string Line(string text)
    {
        if (!text.Any(IsUnsafe))
        {
            return text;
        }

        var builder = new StringBuilder(text.Length + 16);
        foreach (char character in text)
        {
            _ = IsUnsafe(character) ? builder.Append($"\\u{(int)character:x4}") : builder.Append(character);
        }

        return builder.ToString();
    }

    /// <summary>As <see cref="Line"/>, cut to a length, with a mark where it is.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="most">The most characters.</param>
    public static string Cut(string text, int most) => text.Length <= most ? Line(text) : Line(text[..(most - 1)]) + "…";

    // Bidirectional overrides reorder what a person reads.
    private static bool IsUnsafe(char character) =>
        char.IsControl(character) || character is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069';
}
