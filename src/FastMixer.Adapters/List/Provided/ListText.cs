using System.Text;
using System.Text.Unicode;
using FastMixer.Policy.Config;

namespace FastMixer.Adapters.List.Provided;

/// <summary>Makes lists of the texts that providers have.</summary>
internal static class ListText
{
    private const char ByteOrderMark = '\uFEFF';
    private const string YamlField = "whitelist";
    private const int ShownLength = 40;

    /// <summary>Reads the text of a list.</summary>
    /// <param name="utf8">The text: an entry a line; or, for IP addresses, YAML with the entries in the list <c>whitelist</c>.</param>
    /// <param name="settings">What the entries are, and which are added.</param>
    /// <param name="maxEntries">How many entries there may be.</param>
    /// <param name="problem">What is wrong with it, as the end of a sentence.</param>
    /// <returns>The list, or null if anything is wrong.</returns>
    public static IEntryList? Read(ReadOnlySpan<byte> utf8, ListSettings settings, int maxEntries, out string problem)
    {
        problem = Utf8.IsValid(utf8) ? "" : "it is not UTF-8";
        if (problem.Length > 0)
        {
            return null;
        }

        string text = Encoding.UTF8.GetString(utf8).TrimStart(ByteOrderMark);
        List<Entry> entries = settings.Type == EntryType.IpAddresses && IsYaml(text)
            ? ReadYaml(text, out problem)
            : ReadLines(text, trims: settings.Type == EntryType.IpAddresses, maxEntries);
        if (entries.Count > maxEntries)
        {
            problem = $"it has more than {maxEntries} entries";
        }

        return problem.Length == 0 ? Create(entries, settings, out problem) : null;
    }

    private static IEntryList? Create(List<Entry> entries, ListSettings settings, out string problem)
    {
        string firstProblem = "";
        string[] texts = [.. entries.Select(entry => entry.Text), .. settings.OverrideTexts];
        IEntryList list = EntryLists.Create(
            settings.Type, texts, (index, what) => firstProblem = firstProblem.Length > 0 ? firstProblem : $"line {entries[index].Line}: {Show(texts[index])} {what}");
        problem = firstProblem;
        return problem.Length == 0 ? list : null;
    }

    private static List<Entry> ReadLines(string text, bool trims, int maxEntries)
    {
        var entries = new List<Entry>();
        int number = 0;
        foreach (Range line in text.AsSpan().Split('\n'))
        {
            number++;
            ReadOnlySpan<char> entry = trims ? text.AsSpan(line).Trim() : text.AsSpan(line).TrimEnd('\r');
            if (!entry.IsWhiteSpace() && entries.Count <= maxEntries)
            {
                entries.Add(new Entry(entry.ToString(), number));
            }
        }

        return entries;
    }

    // The original's form; JSON is YAML too.
    private static bool IsYaml(string text) =>
        text.AsSpan().TrimStart() is ['{', ..] || text.StartsWith(YamlField + ":", StringComparison.Ordinal) || text.Contains($"\n{YamlField}:", StringComparison.Ordinal);

    private static List<Entry> ReadYaml(string text, out string problem)
    {
        var problems = new List<Problem>();
        IReadOnlyList<ConfigNode> documents = YamlReader.Read(new ConfigSource("list", text), problems);
        var entries = new List<Entry>();
        if (problems.Count == 0 && documents.Count == 1)
        {
            var reader = new ParameterReader(documents[0], problems);
            entries.AddRange(reader.TextList(YamlField).Select(entry => new Entry(entry.Text, entry.Place.Line)));
            reader.End();
        }

        problem = problems.Count > 0 ? $"line {problems[0].Place.Line}: {problems[0].Message}"
            : documents.Count != 1 ? $"expected one document of YAML, found {documents.Count}"
            : "";
        return entries;
    }

    private static string Show(string text) =>
        $"'{string.Concat(text.Take(ShownLength).Select(letter => char.IsControl(letter) ? ' ' : letter))}{(text.Length > ShownLength ? "…" : "")}'";

    private readonly record struct Entry(string Text, int Line);
}
