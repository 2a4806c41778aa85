using FastMixer.Caching.Keys;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;

namespace FastMixer.Caching.Tests.Keys;

/// <summary>Requests as a server reads them, and sets of look-ups in them.</summary>
internal static class Bags
{
    /// <summary>The standard vocabulary, and an attribute of each type that it lacks.</summary>
    public static Vocabulary Vocabulary { get; } = Vocabulary.Standard.With(
    [
        new("own.double", AttributeType.Double), new("own.bytes", AttributeType.Bytes), new("own.dns", AttributeType.DnsName),
        new("own.email", AttributeType.EmailAddress), new("own.uri", AttributeType.Uri),
    ]);

    /// <summary>A request.</summary>
    public static AttributeBag Of(Action<AttributeWriter> fill)
    {
        using var attributes = new AttributeWriter();
        fill(attributes);
        var bytes = new byte[256 * 1024];
        var writer = new WireWriter(bytes, framed: false);
        CheckRequest.Write(ref writer, 1, attributes, [], default);
        Assert.True(writer.TryComplete(out int length));
#pragma warning disable CA2000 // Its bag is what is returned.
        var request = new CheckRequest(AttributeSelection.All(Vocabulary));
#pragma warning restore CA2000
        WireReader reader = request.Attributes.Load(bytes.AsSpan(0, length));
        bool read = MessageHeader.TryRead(ref reader, out MessageHeader header)
            && request.TryRead(ref reader, header, ProtocolLimits.Default, WordList.Version1Count, padded: false);
        Assert.True(read, reader.Fault.ToString());
        return request.Attributes;
    }

    /// <summary>Look-ups, written as <c>name</c>, <c>name[key]</c>, and either with <c>no </c> before it.</summary>
    public static ReferenceList List(params string[] references)
    {
        var list = new ReferenceList();
        foreach (string reference in references)
        {
            bool present = !reference.StartsWith("no ", StringComparison.Ordinal);
            string[] parts = (present ? reference : reference[3..]).TrimEnd(']').Split('[', 2);
            Assert.True(Vocabulary.TryGetSlot(parts[0], out int slot), parts[0]);
            list.Add(slot, parts.Length == 2, parts.Length == 2 ? System.Text.Encoding.UTF8.GetBytes(parts[1]) : default, present);
        }

        return list;
    }

    /// <summary>A set.</summary>
    public static ReferenceSet Set(params string[] references)
    {
        Assert.True(new ReferenceSetDirectory(Vocabulary, 1).TryGet(List(references), 1, out ReferenceSet? set));
        return set;
    }

    /// <summary>The key of a request, or null if the set cannot be the request's.</summary>
    public static byte[]? Key(this ReferenceSet set, AttributeBag bag)
    {
        var room = new byte[StripedCache.MaxPartBytes];
        KeyResult result = set.TryWriteKey(bag, room, out int length);
        Assert.NotEqual(KeyResult.TooLong, result);
        return result == KeyResult.Written ? room[..length] : null;
    }
}
