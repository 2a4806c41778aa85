namespace FastMixer.LoadTest.Wire;

/// <summary>The words and the attribute types that client and server share, as the specification ships them.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, uint> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);

    private Vocabulary()
    {
        foreach (var word in Resource.Lines("words.txt"))
        {
            _words.Add(word, (uint)_words.Count + 1);
        }

        foreach (var line in Resource.Lines("attributes.txt"))
        {
            if (line.Split(' ') is [var name, var type] && name is not "#")
            {
                _types.Add(name, type);
            }
        }
    }

    /// <summary>The one vocabulary of this build.</summary>
    public static Vocabulary Standard { get; } = new();

    /// <summary>How many words it knows.</summary>
    public uint WordCount => (uint)_words.Count;

    /// <summary>The index of a word, or null for text that is none.</summary>
    public uint? FindWord(string text) => _words.TryGetValue(text, out var index) ? index : null;

    /// <summary>The declared type of an attribute, or null if the standard vocabulary does not declare it.</summary>
    public string? FindType(string attribute) => _types.GetValueOrDefault(attribute);
}
