using System.Text;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;

namespace FastMixer.Client.Tests;

/// <summary>A message as the fake server got it, and the answers to it.</summary>
public sealed record FakeMessage(byte[] Body)
{
    public MessageHeader Header
    {
        get
        {
            var reader = new WireReader(Body);
            Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader header), reader.Fault.ToString());
            return header;
        }
    }

    public uint Id => Header.Id;

    public MessageKind Kind => Header.Kind;

    /// <summary>The text value of an attribute of a hello, check, or the first record of a report.</summary>
    public string? Attribute(string name, bool padded = false)
    {
        var selection = AttributeSelection.All(Vocabulary.Standard);
        using var check = new CheckRequest(selection);
        AttributeBag bag = check.Attributes;
        bag.Reset(selection);
        WireReader reader = bag.Load(Body);
        Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader header));
        bool read = header.Kind switch
        {
            MessageKind.Hello => Hello.TryRead(ref reader, header, bag, ProtocolLimits.Default, padded, out _),
            MessageKind.Check => check.TryRead(ref reader, header, ProtocolLimits.Default, WordList.Version1Count, padded),
            _ => ReportReader.TryStart(ref reader, header, ProtocolLimits.Default, WordList.Version1Count, padded, out ReportReader report)
                && report.TryReadNext(ref reader, bag),
        };
        Assert.True(read, reader.Fault.ToString());
        Assert.True(Vocabulary.Standard.TryGetSlot(name, out int slot));
        return bag.TryGetBytes(slot, out ReadOnlySpan<byte> value) ? Encoding.UTF8.GetString(value) : null;
    }

    public HelloFeatures Features(bool padded = false)
    {
        using var bag = new AttributeBag(AttributeSelection.All(Vocabulary.Standard));
        WireReader reader = bag.Load(Body);
        Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader header));
        Assert.True(Hello.TryRead(ref reader, header, bag, ProtocolLimits.Default, padded, out Hello hello), reader.Fault.ToString());
        return hello.Features;
    }

    public string DeduplicationId(bool padded) => Read(padded, check => Encoding.UTF8.GetString(check.DeduplicationId));

    public TimeSpan Patience(bool padded) => Read(padded, check => check.Patience);

    private T Read<T>(bool padded, Func<CheckRequest, T> value)
    {
        var selection = AttributeSelection.All(Vocabulary.Standard);
        using var check = new CheckRequest(selection);
        check.Attributes.Reset(selection);
        WireReader reader = check.Attributes.Load(Body);
        Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader header));
        Assert.True(check.TryRead(ref reader, header, ProtocolLimits.Default, WordList.Version1Count, padded), reader.Fault.ToString());
        return value(check);
    }
}

/// <summary>Encodes what servers say. <c>framed</c>: with a length prefix, as on streams.</summary>
public static class Answers
{
    private delegate void Writing(ref WireWriter writer);

    public static byte[] Welcome(
        uint id, ProtocolLimits? limits = null, int wordCount = 266, int version = 1, bool framed = true, string instance = "i1", ulong policy = 0) =>
        Encode((ref WireWriter writer) =>
            new Welcome(version, "fake/1", instance, wordCount, limits ?? ProtocolLimits.Default) { Policy = policy }.Write(ref writer, id), framed);

    public static byte[] PolicyChanged(ulong policy) => Encode((ref WireWriter writer) => new PolicyChanged(policy).Write(ref writer), framed: true);

    /// <summary>A verdict that tells its policy, as those by datagram do.</summary>
    public static byte[] VerdictOf(uint id, ulong policy) => Encode((ref WireWriter writer) =>
    {
        VerdictWriter.WriteStart(ref writer, id, StatusCode.Ok, default, TimeSpan.FromSeconds(5), 10, references: 0, VerdictExtras.Policy);
        VerdictWriter.WriteQuotaCount(ref writer, 0);
        VerdictWriter.WriteNoDirective(ref writer);
        VerdictWriter.WritePolicy(ref writer, policy);
    }, framed: false);

    public static byte[] Verdict(uint id, StatusCode status = StatusCode.Ok, string message = "", bool framed = true) =>
        Encode((ref WireWriter writer) =>
        {
            VerdictWriter.WriteStart(ref writer, id, status, Encoding.UTF8.GetBytes(message), TimeSpan.FromSeconds(5), 10, 1);
            VerdictWriter.WriteReference(ref writer, ReferenceFlags.Exact, "request.path"u8, default, WordList.Version1Count);
            VerdictWriter.WriteQuotaCount(ref writer, 1);
            VerdictWriter.WriteQuota(ref writer, "requests"u8, 3, TimeSpan.FromSeconds(1));
        }, framed);

    public static byte[] LongVerdict(uint id, int messageBytes) => Encode((ref WireWriter writer) =>
    {
        VerdictWriter.WriteStart(ref writer, id, StatusCode.Ok, Encoding.UTF8.GetBytes(new string('y', messageBytes)), default, 0, 0);
        VerdictWriter.WriteQuotaCount(ref writer, 0);
    }, framed: true);

    public static byte[] Acknowledgement(uint id, int accepted, int refused, bool framed = true) =>
        Encode((ref WireWriter writer) =>
            new Acknowledgement(accepted, refused, TimeSpan.FromMilliseconds(20)).Write(ref writer, id), framed);

    public static byte[] Error(uint id, ErrorCode code, string text, bool framed = true) =>
        Encode((ref WireWriter writer) => ErrorMessage.Write(ref writer, id, code, Encoding.UTF8.GetBytes(text)), framed);

    public static byte[] Ping(uint id, MessageKind kind = MessageKind.Pong, bool framed = true) =>
        Encode((ref WireWriter writer) => Protocol.Messages.Ping.Write(ref writer, kind, id), framed);

    public static byte[] GoingAway() => Encode((ref WireWriter writer) => new GoingAway(TimeSpan.FromSeconds(9), "stops").Write(ref writer), true);

    private static byte[] Encode(Writing write, bool framed)
    {
        byte[] bytes = new byte[400_000];
        var writer = new WireWriter(bytes, framed);
        write(ref writer);
        Assert.True(writer.TryComplete(out int written));
        return bytes[..written];
    }
}
