using System.Collections.Frozen;
using System.Reflection;
using System.Text;

namespace FastMixer.Protocol.Words;

/// <summary>
/// The list of names and frequent strings that both sides know (spec/words.txt, protocol.md section 4): line <c>n</c> is word <c>n</c>,
/// counted from 1; 0 is no word. Immutable; all members may be called from any thread and allocate nothing unless they say so.
/// </summary>
public sealed class WordList
{
    private readonly byte[] _text;
    private readonly int[] _starts;
    private readonly FrozenDictionary<string, int> _indexes;
    private readonly FrozenDictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _utf8Indexes;

    private WordList(string[] words)
    {
        _text = Encoding.UTF8.GetBytes(string.Concat(words));
        _starts = new int[words.Length + 2];
        for (int word = 1; word <= words.Length; word++)
        {
            _starts[word + 1] = _starts[word] + Encoding.UTF8.GetByteCount(words[word - 1]);
        }

        KeyValuePair<string, int>[] numbered = [.. words.Select((word, line) => KeyValuePair.Create(word, line + 1))];
        _indexes = numbered.ToFrozenDictionary(StringComparer.Ordinal);
        _utf8Indexes = numbered
            .ToFrozenDictionary(pair => Encoding.UTF8.GetBytes(pair.Key), pair => pair.Value, Utf8Comparer.Instance)
            .GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>How many words the list of protocol version 1 has: what may be used in datagrams, and before a welcome.</summary>
    public const int Version1Count = 266;

    /// <summary>The list of this build, read once from the embedded specification.</summary>
    public static WordList Standard { get; } = new(EmbeddedText.Lines("words.txt"));

    /// <summary>The number of words, which is also the greatest index.</summary>
    public int Count => _starts.Length - 2;

    /// <summary>All words' UTF-8 bytes, one after the other; <see cref="Locate"/> finds one.</summary>
    internal ReadOnlySpan<byte> Text => _text;

    /// <summary>The UTF-8 bytes of a word.</summary>
    /// <param name="word">1 … <see cref="Count"/>.</param>
    /// <returns>Bytes that live as long as the list.</returns>
    /// <exception cref="IndexOutOfRangeException">There is no such word.</exception>
    public ReadOnlySpan<byte> this[int word]
    {
        get
        {
            (int offset, int length) = Locate(word);
            return _text.AsSpan(offset, length);
        }
    }

    /// <summary>Whether a word of that index is in the first <paramref name="count"/> words of this list.</summary>
    /// <param name="word">Any number, as a peer sent it.</param>
    /// <param name="count">How many words the peer may use.</param>
    public bool Contains(long word, int count) => word > 0 && word <= Math.Min(count, Count);

    /// <summary>The index of a word, or 0 if it is not in the list.</summary>
    /// <param name="text">The word.</param>
    public int IndexOf(string text) => _indexes.GetValueOrDefault(text);

    /// <summary>The index of a word, or 0 if it is not in the list.</summary>
    /// <param name="utf8">The word's UTF-8 bytes.</param>
    public int IndexOf(ReadOnlySpan<byte> utf8) => _utf8Indexes.TryGetValue(utf8, out int word) ? word : 0;

    /// <summary>Where in <see cref="Text"/> a word stands.</summary>
    internal (int Offset, int Length) Locate(int word) => (_starts[word], _starts[word + 1] - _starts[word]);
}

/// <summary>Text files of the specification that are compiled into this assembly.</summary>
internal static class EmbeddedText
{
    /// <summary>The lines of a resource, without those that begin with <c>#</c> and without a last empty one.</summary>
    public static string[] Lines(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is missing from the build.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && !line.StartsWith('#'))];
    }
}
