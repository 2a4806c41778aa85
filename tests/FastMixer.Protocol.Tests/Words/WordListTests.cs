using System.Security.Cryptography;
using System.Text;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Words;

namespace FastMixer.Protocol.Tests.Words;

public sealed class WordListTests
{
    [Fact]
    public void Words_OfVersion1_NeverMoveOrGo()
    {
        string first = string.Concat(Enumerable.Range(1, WordList.Version1Count).Select(word => Text(word) + "\n"));
        Assert.Equal(266, WordList.Version1Count);
        Assert.Equal(
            "84463cc3fd5a6cc52bc2315551527debf28507c8fab3af7452428da941786eb6",
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(first))));
    }

    [Fact]
    public void Words_OfTheSpecification_AreTheLinesOfItsFile()
    {
        string[] lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "spec", "words.txt"));
        Assert.Equal(lines, Enumerable.Range(1, WordList.Standard.Count).Select(Text));
    }

    [Fact]
    public void Words_OfTheSpecification_AreDistinctNonEmptyAndWithinANamesLimit()
    {
        string[] words = [.. Enumerable.Range(1, WordList.Standard.Count).Select(Text)];
        Assert.Equal(words.Length, words.Distinct(StringComparer.Ordinal).Count());
        Assert.All(words, word => Assert.InRange(Encoding.UTF8.GetByteCount(word), 1, 256));
    }

    [Fact]
    public void Vocabulary_Names_AreAllWords() =>
        Assert.All(Vocabulary.Standard.Definitions, definition => Assert.NotEqual(0, WordList.Standard.IndexOf(definition.Name)));

    [Fact]
    public void IndexOf_EachWord_IsItsIndex()
    {
        for (int word = 1; word <= WordList.Standard.Count; word++)
        {
            Assert.Equal(word, WordList.Standard.IndexOf(Text(word)));
            Assert.Equal(word, WordList.Standard.IndexOf(WordList.Standard[word]));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("no such word")]
    [InlineData("REQUEST.PATH")]
    public void IndexOf_NoWord_IsZero(string text)
    {
        Assert.Equal(0, WordList.Standard.IndexOf(text));
        Assert.Equal(0, WordList.Standard.IndexOf(Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [InlineData(1, 266, true)]
    [InlineData(266, 266, true)]
    [InlineData(267, 266, false)]
    [InlineData(267, int.MaxValue, false)]
    [InlineData(10, 9, false)]
    [InlineData(9, 9, true)]
    [InlineData(0, 266, false)]
    [InlineData(1, 0, false)]
    [InlineData(-1, 266, false)]
    [InlineData(long.MinValue, 266, false)]
    [InlineData(long.MaxValue, int.MaxValue, false)]
    [InlineData((1L << 32) + 8, int.MaxValue, false)]
    public void Contains_AnyNumber_IsWithinBothCounts(long word, int count, bool expected)
    {
        Assert.Equal(266, WordList.Standard.Count);
        Assert.Equal(expected, WordList.Standard.Contains(word, count));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(267)]
    public void Indexer_NoWord_Throws(int word) => Assert.Throws<IndexOutOfRangeException>(() => WordList.Standard[word].Length);

    private static string Text(int word) => Encoding.UTF8.GetString(WordList.Standard[word]);
}
