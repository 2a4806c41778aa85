using System.Text;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Words;

namespace FastMixer.Protocol.Tests.Attributes;

public sealed class VocabularyTests
{
    [Fact]
    public void TryGetSlot_EachDefinition_IsFoundByTextBytesAndWord()
    {
        Vocabulary vocabulary = Vocabulary.Standard;
        Assert.Equal(90, vocabulary.Count);
        for (int slot = 0; slot < vocabulary.Count; slot++)
        {
            string name = vocabulary[slot].Name;
            Assert.True(vocabulary.TryGetSlot(name, out int byText));
            Assert.True(vocabulary.TryGetSlot(Encoding.UTF8.GetBytes(name), out int byBytes));
            Assert.Equal((slot, slot, slot), (byText, byBytes, vocabulary.SlotOfWord(WordList.Standard.IndexOf(name))));
        }
    }

    [Fact]
    public void SlotOfWord_WordThatIsNoAttribute_IsNone()
    {
        int word = WordList.Standard.IndexOf("GET");
        Assert.NotEqual(0, word);
        Assert.Equal(Vocabulary.NoSlot, Vocabulary.Standard.SlotOfWord(word));
        Assert.False(Vocabulary.Standard.TryGetSlot("no.such", out _));
    }

    [Fact]
    public void With_NewAttributes_KeepsSlotsAndAppends()
    {
        Vocabulary more = Vocabulary.Standard.With([new("my.tenant", AttributeType.String), new("my.weight", AttributeType.Double)]);

        Assert.Equal(Vocabulary.Standard.Definitions, more.Definitions.Take(Vocabulary.Standard.Count));
        Assert.True(more.TryGetSlot("my.weight", out int slot));
        Assert.Equal(Vocabulary.Standard.Count + 1, slot);
        Assert.False(Vocabulary.Standard.TryGetSlot("my.weight", out _));
    }

    [Fact]
    public void With_AWordThatWasNoAttribute_IsFoundByItsWord()
    {
        Vocabulary more = Vocabulary.Standard.With([new("GET", AttributeType.Bool)]);
        Assert.Equal(Vocabulary.Standard.Count, more.SlotOfWord(WordList.Standard.IndexOf("GET")));
    }

    [Fact]
    public void With_SameAttributeAgain_ChangesNothing()
    {
        AttributeDefinition known = Vocabulary.Standard[0];
        Assert.Same(Vocabulary.Standard, Vocabulary.Standard.With([known]));
        Vocabulary twice = Vocabulary.Standard.With([new("a", AttributeType.Bool), new("a", AttributeType.Bool)]);
        Assert.Equal(Vocabulary.Standard.Count + 1, twice.Count);
    }

    [Fact]
    public void With_AnotherType_ThrowsAndSaysBoth()
    {
        var error = Assert.Throws<ArgumentException>(() => Vocabulary.Standard.With([new("request.path", AttributeType.Int64)]));
        Assert.Contains("request.path is already declared as STRING, not INT64", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Selection_SomeSlots_ContainsThoseOnly()
    {
        var selection = new AttributeSelection(Vocabulary.Standard, [0, 89]);
        Assert.Equal([0, 89], Enumerable.Range(0, 90).Where(selection.Contains));
        Assert.All(Enumerable.Range(0, 90), slot => Assert.True(AttributeSelection.All(Vocabulary.Standard).Contains(slot)));
    }
}
