using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Messages;

/// <summary>A hello as a server reads it; the base attributes go into a bag.</summary>
public readonly ref struct Hello
{
    /// <summary>How many elements must follow the id.</summary>
    public const int Elements = 5;

    private const int ElementsWithFeatures = 6;

    private const string Shape = "a hello is [1, id, min version, max version, word count, name, base attributes, features]";

    /// <summary>The lowest version that the client speaks.</summary>
    public uint MinVersion { get; private init; }

    /// <summary>The highest version that the client speaks.</summary>
    public uint MaxVersion { get; private init; }

    /// <summary>How many words the client knows.</summary>
    public int WordCount { get; private init; }

    /// <summary>What the client calls itself, UTF-8; a slice of the bag's body.</summary>
    public ReadOnlySpan<byte> Name { get; private init; }

    /// <summary>What the client asks for; may have bits that this build does not know.</summary>
    public HelloFeatures Features { get; private init; }

    /// <summary>Whether this build's version is among the client's.</summary>
    public bool IsVersionSupported => MinVersion <= MessageHeader.Version && MessageHeader.Version <= MaxVersion;

    /// <summary>Reads the elements behind the header.</summary>
    /// <param name="reader">Behind the header, over the bag's own body.</param>
    /// <param name="header">The header.</param>
    /// <param name="bag">Takes the base attributes.</param>
    /// <param name="limits">What is accepted.</param>
    /// <param name="padded">Whether zero bytes may follow.</param>
    /// <param name="hello">The hello.</param>
    /// <returns>False with the reader's fault set.</returns>
    public static bool TryRead(
        ref WireReader reader, MessageHeader header, AttributeBag bag, ProtocolLimits limits, bool padded, out Hello hello)
    {
        hello = default;
        if (!header.Require(ref reader, Elements, Shape)
            || !reader.TryReadUInt32(out uint minVersion)
            || !reader.TryReadUInt32(out uint maxVersion)
            || !reader.TryReadUInt32(out uint wordCount)
            || !reader.TryReadString(limits.MaxNameBytes, out ReadOnlySpan<byte> name))
        {
            return false;
        }

        int words = (int)Math.Min(wordCount, int.MaxValue);
        uint features = 0;
        if (!AttributeDecoder.TryDecode(ref reader, bag, limits, words, allowNil: false)
            || (header.Elements >= ElementsWithFeatures && !reader.TryReadUInt32(out features)))
        {
            return false;
        }

        hello = new Hello
        {
            MinVersion = minVersion,
            MaxVersion = maxVersion,
            WordCount = words,
            Name = name,
            Features = (HelloFeatures)features,
        };
        return header.TryReadEnd(ref reader, ElementsWithFeatures, padded);
    }

    /// <summary>Writes a hello of this build's version.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="id">The correlation id.</param>
    /// <param name="wordCount">How many words the client knows.</param>
    /// <param name="name">What the client calls itself.</param>
    /// <param name="baseAttributes">What each request inherits.</param>
    /// <param name="features">What the client asks for.</param>
    public static void Write(
        ref WireWriter writer,
        uint id,
        int wordCount,
        scoped ReadOnlySpan<byte> name,
        AttributeWriter baseAttributes,
        HelloFeatures features = HelloFeatures.None)
    {
        MessageHeader.Write(ref writer, MessageKind.Hello, id, features == HelloFeatures.None ? Elements : ElementsWithFeatures);
        writer.Write(MessageHeader.Version);
        writer.Write(MessageHeader.Version);
        writer.Write(wordCount);
        writer.WriteString(name);
        baseAttributes.WriteTo(ref writer);
        if (features != HelloFeatures.None)
        {
            writer.Write((uint)features);
        }
    }

    /// <summary>Writes a hello of this build's version up to its base attributes, whose map must follow.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="id">The correlation id.</param>
    /// <param name="wordCount">How many words the client knows.</param>
    /// <param name="name">What the client calls itself.</param>
    public static void WriteStart(ref WireWriter writer, uint id, int wordCount, scoped ReadOnlySpan<byte> name)
    {
        MessageHeader.Write(ref writer, MessageKind.Hello, id, Elements);
        writer.Write(MessageHeader.Version);
        writer.Write(MessageHeader.Version);
        writer.Write(wordCount);
        writer.WriteString(name);
    }
}
