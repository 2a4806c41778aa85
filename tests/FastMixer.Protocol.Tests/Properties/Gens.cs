using CsCheck;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Tests.Support;
using FastMixer.Protocol.Words;

namespace FastMixer.Protocol.Tests.Properties;

/// <summary>Generators of what travels.</summary>
internal static class Gens
{
    private static readonly string[] Words =
        [.. Enumerable.Range(1, WordList.Standard.Count).Select(word => System.Text.Encoding.UTF8.GetString(WordList.Standard[word]))];

    private static readonly string[] Scripts = ["", "a", "/x?y=z", "zażółć", "日本語", "😀", "\0", "request.pat", "REQUEST.PATH"];

    /// <summary>A word, or text that is mostly none; always valid Unicode.</summary>
    public static readonly Gen<string> Text = Gen.OneOf(
        Gen.OneOf(Words), Gen.OneOf(Scripts), Gen.Char.AlphaNumeric.Array[0, 300].Select(chars => new string(chars)));

    public static readonly Gen<KeyValuePair<string, string>[]> Map = Gen.Select(Text, Text)
        .Array[0, 30]
        .Select(pairs => pairs.DistinctBy(pair => pair.Item1).Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2)).ToArray());

    /// <summary>A value for any attribute of the vocabulary.</summary>
    public static readonly Gen<Fact> Fact = Gen.Int[0, Receiver.Vocabulary.Count - 1].SelectMany(slot =>
    {
        AttributeDefinition definition = Receiver.Vocabulary[slot];
        return ValueOf(definition.Type).Select(value => new Fact(definition.Name, definition.Type, value));
    });

    /// <summary>A set of attributes.</summary>
    public static readonly Gen<Fact[]> Facts = Fact.Array[0, 20].Select(facts => facts.DistinctBy(fact => fact.Name).ToArray());

    /// <summary>A set of few attributes, some of them removed, so that sets have names in common.</summary>
    public static readonly Gen<Fact[]> Record = Gen
        .OneOf("source.name", "source.namespace", "request.path", "request.size", "source.labels")
        .SelectMany(name => ValueOf(Checks.Fact(name, null).Type)
            .Select(Gen.Int[0, 3], (value, nil) => Checks.Fact(name, nil == 0 ? null : value)))
        .Array[0, 8]
        .Select(facts => facts.DistinctBy(fact => fact.Name).ToArray());

    public static Gen<object> ValueOf(AttributeType type) => type switch
    {
        AttributeType.Int64 or AttributeType.Timestamp or AttributeType.Duration => Number.Select(number => (object)number),
        AttributeType.Double => Gen.Double.Select(number => (object)number),
        AttributeType.Bool => Gen.Bool.Select(flag => (object)flag),
        AttributeType.Bytes => Gen.Byte.Array[0, 300].Select(bytes => (object)bytes),
        AttributeType.IpAddress => Gen.OneOf(Gen.Byte.Array[4], Gen.Byte.Array[16]).Select(bytes => (object)bytes),
        AttributeType.StringMap => Map.Select(map => (object)map),
        _ => Text.Select(text => (object)text),
    };

    private static Gen<long> Number => Gen.OneOf(
        Gen.Long, Gen.Int.Select(number => (long)number), Gen.Long[-300, 300], Gen.OneOf(long.MinValue, long.MaxValue, 0, -1));
}
