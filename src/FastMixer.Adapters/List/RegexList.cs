using System.Text.RegularExpressions;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Adapters.List;

/// <summary>A list of regular expressions, asked one after the other.</summary>
internal sealed class RegexList(IReadOnlyList<Regex> patterns) : IEntryList
{
    /// <inheritdoc/>
    public int Count => patterns.Count;

    /// <summary>A list of patterns.</summary>
    /// <param name="entries">Their texts.</param>
    /// <param name="fail">Takes what is none.</param>
    public static RegexList Create(IReadOnlyList<string> entries, Action<int, string> fail)
    {
        var patterns = new List<Regex>();
        for (int i = 0; i < entries.Count; i++)
        {
            if (LinearRegex.TryCreate(entries[i], out string problem) is { } regex)
            {
                patterns.Add(regex);
            }
            else
            {
                fail(i, $"is no regular expression: {problem}");
            }
        }

        return new RegexList(patterns);
    }

    /// <inheritdoc/>
    public bool TryContains(ReadOnlySpan<byte> value, AttributeType type, out bool found)
    {
        found = false;
        for (int i = 0; i < patterns.Count && type.IsText() && !found; i++)
        {
            found = LinearRegex.IsMatch(patterns[i], value);
        }

        return type.IsText();
    }
}
