using System.Buffers;
using YamlDotNet.Core;

namespace FastMixer.Policy.Config;

/// <summary>Something that YAML knows and a configuration may not hold.</summary>
#pragma warning disable CA1032, CA1064 // Only ever thrown and caught here, with a place.
internal sealed class RefusedYamlException(Mark start, Mark end, string message) : YamlException(start, end, message);
#pragma warning restore CA1032, CA1064

/// <summary>Says of text that is no YAML what is wrong, and where a person would look for it.</summary>
internal static class YamlProblems
{
    private static readonly SearchValues<char> NeverText = SearchValues.Create(
        "\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\v\f\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\u007f");

    /// <summary>A character that YAML does not know; a parser may take it for the end of the text.</summary>
    public static Problem? FindControlCharacter(ConfigSource source)
    {
        int at = source.Text.AsSpan().IndexOfAny(NeverText);
        return at < 0 ? null : Error(PlaceOf(source, at), $"The character U+{(int)source.Text[at]:X4} cannot stand in a configuration.");
    }

    /// <summary>The problem that an exception of the parser stands for.</summary>
    /// <param name="source">The file.</param>
    /// <param name="exception">The exception.</param>
    /// <param name="place">Where it happened.</param>
    public static Problem Of(ConfigSource source, Exception exception, Place place)
    {
        if (exception is RefusedYamlException)
        {
            return Error(place, exception.Message);
        }

        bool isAnywhereBehind = exception is not YamlException || exception.Message.Contains("tab", StringComparison.Ordinal);
        long lastLine = isAnywhereBehind ? long.MaxValue : Math.Max(place.Line, ((YamlException)exception).End.Line) + 1;
        if (FindTab(source.Text, place.Line, lastLine) is (>= 0) and var tab)
        {
            return Error(PlaceOf(source, tab), "A tab cannot indent YAML; use spaces.");
        }

        string message = exception is YamlException ? exception.Message : "The brackets, quotes or indentation behind this do not fit together.";
        return Error(place, $"No valid YAML: {message}{HintOf(message)}");
    }

    private static string HintOf(string message)
    {
        bool Says(string words) => message.Contains(words, StringComparison.Ordinal);
        return Says("found invalid mapping") || Says("did not find expected key") ? " Is the line indented as its neighbours are?"
            : Says("cannot start any token") ? " A value that begins with such a character needs quotes."
            : Says("expected <document end>") ? " Between two documents there must be a line '---'."
            : "";
    }

    // The first tab in the indentation of some lines, counted from 1, or −1.
    private static int FindTab(string text, int firstLine, long lastLine)
    {
        (int start, int line) = (0, 1);
        while (start < text.Length && line <= lastLine)
        {
            int ink = text.AsSpan(start).IndexOfAnyExcept(' ');
            if (line >= firstLine && ink >= 0 && text[start + ink] == '\t')
            {
                return start + ink;
            }

            int end = text.IndexOf('\n', start);
            (start, line) = (end < 0 ? text.Length : end + 1, line + 1);
        }

        return -1;
    }

    /// <summary>The place of a character of a file, or of its end.</summary>
    public static Place PlaceOf(ConfigSource source, int at)
    {
        ReadOnlySpan<char> before = source.Text.AsSpan(0, at);
        return new Place(source.Name, before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }

    private static Problem Error(Place place, string message) => new(Severity.Error, place, message);
}
