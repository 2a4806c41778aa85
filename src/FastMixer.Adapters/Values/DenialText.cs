using System.Text;

namespace FastMixer.Adapters.Values;

/// <summary>What backends say of a denial, fit for a verdict's message.</summary>
internal static class DenialText
{
    /// <summary>Bytes of a message at most, UTF-8.</summary>
    public const int MaxBytes = 1024;

    /// <summary>Cuts a text to the most that is allowed, at the end of a character, and puts blanks for control characters.</summary>
    /// <param name="text">The text.</param>
    public static string Clean(string text)
    {
        var clean = new StringBuilder();
        int bytes = 0;
        foreach (Rune rune in text.Trim().EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MaxBytes)
            {
                break;
            }

            clean.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return clean.ToString();
    }
}
