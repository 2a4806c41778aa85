using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Tests.Support;

/// <summary>Bodies of messages for tests.</summary>
internal static class Checks
{
    /// <summary>A check with id 2 of these attributes.</summary>
    public static byte[] Of(params IEnumerable<Fact> facts)
    {
        using AttributeWriter attributes = facts.ToWriter();
        return Bytes.Of((ref WireWriter writer) => CheckRequest.Write(ref writer, 2, attributes, [], default));
    }

    /// <summary>A check with id 2 whose map of attributes is written by hand.</summary>
    public static byte[] OfRaw(int count, Writing attributes) => Bytes.Of((ref WireWriter writer) =>
    {
        MessageHeader.Write(ref writer, MessageKind.Check, 2, elements: 1);
        writer.WriteMapHeader(count);
        attributes(ref writer);
    });

    /// <summary>A check with one attribute, named by text, whose value is written by hand.</summary>
    public static byte[] OfValue(string name, Writing value) => OfRaw(1, (ref WireWriter writer) =>
    {
        writer.WriteString(System.Text.Encoding.UTF8.GetBytes(name));
        value(ref writer);
    });

    /// <summary>A hello with id 1 of these base attributes.</summary>
    public static byte[] Hello(params IEnumerable<Fact> facts)
    {
        using AttributeWriter attributes = facts.ToWriter();
        return Bytes.Of((ref WireWriter writer) => Protocol.Messages.Hello.Write(ref writer, 1, 266, "test"u8, attributes));
    }

    /// <summary>A fact of the vocabulary of <see cref="Receiver"/>.</summary>
    public static Fact Fact(string name, object? value)
    {
        Assert.True(Receiver.Vocabulary.TryGetSlot(name, out int slot), name);
        return new Fact(name, Receiver.Vocabulary[slot].Type, value is int number ? (long)number : value);
    }

    public static int Slot(string name)
    {
        Assert.True(Receiver.Vocabulary.TryGetSlot(name, out int slot), name);
        return slot;
    }

    public static KeyValuePair<string, string>[] Entries(int count) =>
        [.. Enumerable.Range(0, count).Select(i => KeyValuePair.Create($"k{i}", $"v{i}"))];
}
