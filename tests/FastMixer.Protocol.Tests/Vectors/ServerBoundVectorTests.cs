using System.Buffers;
using System.Text;
using System.Text.Json;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Tests.Support;
using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Tests.Vectors;

/// <summary>Hello, check and report: decoded as a server does, encoded as a client does.</summary>
public sealed class ServerBoundVectorTests
{
    private static readonly string[] Files = ["hello", "check", "attributes", "report"];

    public static TheoryData<string, string> All => [.. VectorFile.Names(_ => true, Files)];

    public static TheoryData<string, string> Canonical => [.. VectorFile.Names(vector => vector.IsCanonical(), Files)];

    [Theory]
    [MemberData(nameof(All))]
    public void Decode_ValidVector_GivesItsMeaning(string file, string name)
    {
        JsonElement vector = VectorFile.Find(file, name);
        using var receiver = new Receiver();
        switch (vector.Text("kind"))
        {
            case "hello":
                AssertHello(vector, receiver);
                break;
            case "check":
                Assert.Equal(Outcome.Accepted(vector.Meaning().Id()), receiver.Receive(vector.Body()));
                AssertCheck(vector.Meaning(), receiver);
                break;
            default:
                AssertReport(vector, receiver);
                break;
        }
    }

    [Theory]
    [MemberData(nameof(Canonical))]
    public void Encode_CanonicalVector_GivesItsBytes(string file, string name)
    {
        JsonElement vector = VectorFile.Find(file, name);
        JsonElement meaning = vector.Meaning();
        int words = vector.TryGetProperty("words", out JsonElement count) ? count.GetInt32() : 266;
        byte[] encoded = Bytes.Of((ref WireWriter writer) =>
        {
            switch (vector.Text("kind"))
            {
                case "hello":
                    using (AttributeWriter attributes = MeaningOfAttributes.Read(meaning.GetProperty("baseAttributes")).ToWriter(words))
                    {
                        byte[] client = Encoding.UTF8.GetBytes(meaning.Text("name"));
                        Hello.Write(ref writer, meaning.Id(), (int)meaning.Number("wordCount"), client, attributes, FeaturesOf(meaning));
                    }

                    break;
                case "check":
                    using (AttributeWriter attributes = MeaningOfAttributes.Read(meaning.GetProperty("attributes")).ToWriter(words))
                    {
                        byte[] deduplicationId = Encoding.UTF8.GetBytes(meaning.Text("deduplicationId"));
                        CheckRequest.Write(ref writer, meaning.Id(), attributes, Quotas(meaning), deduplicationId, Patience(meaning));
                    }

                    break;
                default:
                    ReportWriter.Write(ref writer, meaning.Id(), FullRecords.Of(meaning));
                    break;
            }
        });

        Assert.Equal(Convert.ToHexStringLower(vector.Body()), Convert.ToHexStringLower(encoded));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Decode_AnyProperPrefixOfAValidVector_IsMalformed(string file, string name)
    {
        JsonElement vector = VectorFile.Find(file, name);
        byte[] body = vector.Body();
        using var receiver = new Receiver();
        bool isHello = vector.Text("kind") == "hello";
        for (int length = 0; length < body.Length; length++)
        {
            var prefix = new ReadOnlySequence<byte>(body, 0, length);
            Assert.Equal((length, ErrorCode.Malformed), (length, receiver.Receive(prefix, isHello).Code));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Decode_ValidVectorFollowedByBytes_IsAcceptedOnlyAsAPaddedDatagram(string file, string name)
    {
        JsonElement vector = VectorFile.Find(file, name);
        bool isHello = vector.Text("kind") == "hello";
        using var stream = new Receiver();
        using var datagram = new Receiver(padded: true);
        byte[] zeros = [.. vector.Body(), 0, 0, 0];
        byte[] other = [.. vector.Body(), 0, 1];

        Assert.Equal(ErrorCode.Malformed, stream.Receive(new ReadOnlySequence<byte>(zeros), isHello).Code);
        Assert.Equal(ErrorCode.None, datagram.Receive(new ReadOnlySequence<byte>(zeros), isHello).Code);
        Assert.Equal(ErrorCode.Malformed, datagram.Receive(new ReadOnlySequence<byte>(other), isHello).Code);
    }

    private static void AssertHello(JsonElement vector, Receiver receiver)
    {
        JsonElement meaning = vector.Meaning();
        Assert.Equal(Outcome.Accepted(meaning.Id()), receiver.ReceiveFirst(vector.Body()));
        Facts.AssertSame(MeaningOfAttributes.Read(meaning.GetProperty("baseAttributes")), receiver.BaseAttributes);

        using var bag = new AttributeBag(Receiver.AllSelected);
        WireReader reader = bag.Load(vector.Body());
        Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader header));
        Assert.True(Hello.TryRead(ref reader, header, bag, ProtocolLimits.Default, padded: false, out Hello hello));
        Assert.Equal(meaning.Number("minVersion"), hello.MinVersion);
        Assert.Equal(meaning.Number("maxVersion"), hello.MaxVersion);
        Assert.Equal(meaning.Number("wordCount"), hello.WordCount);
        Assert.Equal(meaning.Text("name"), Encoding.UTF8.GetString(hello.Name));
        Assert.Equal(FeaturesOf(meaning), hello.Features);
    }

    private static void AssertCheck(JsonElement meaning, Receiver receiver)
    {
        CheckRequest check = receiver.Check;
        Facts.AssertSame(MeaningOfAttributes.Read(meaning.GetProperty("attributes")), check.Attributes);
        Assert.Equal(meaning.Text("deduplicationId"), Encoding.UTF8.GetString(check.DeduplicationId));
        Assert.Equal(Patience(meaning), check.Patience);
        QuotaRequest[] quotas = Quotas(meaning);
        Assert.Equal(quotas.Length, check.QuotaCount);
        for (int i = 0; i < quotas.Length; i++)
        {
            check.GetQuota(i, out ReadOnlySpan<byte> name, out long amount, out bool bestEffort);
            Assert.Equal(quotas[i], new QuotaRequest(Encoding.UTF8.GetString(name), amount, bestEffort));
        }
    }

    private static void AssertReport(JsonElement vector, Receiver receiver)
    {
        JsonElement meaning = vector.Meaning();
        if (meaning.TryGetProperty("base", out JsonElement inherited))
        {
            using AttributeWriter attributes = MeaningOfAttributes.Read(inherited).ToWriter();
            byte[] hello = Bytes.Of((ref WireWriter writer) => Hello.Write(ref writer, 1, 266, "test"u8, attributes));
            Assert.Equal(ErrorCode.None, receiver.ReceiveFirst(hello).Code);
        }

        Assert.Equal(Outcome.Accepted(meaning.Id()), receiver.Receive(vector.Body()));

        AttributeBag bag = receiver.Bag;
        bag.Reset(Receiver.AllSelected, receiver.BaseAttributes);
        WireReader reader = bag.Load(vector.Body());
        Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader header));
        Assert.True(ReportReader.TryStart(ref reader, header, ProtocolLimits.Default, 266, padded: false, out ReportReader report));
        Assert.Equal(meaning.GetProperty("resolved").GetArrayLength(), report.Count);
        foreach (JsonElement record in meaning.GetProperty("resolved").EnumerateArray())
        {
            Assert.True(report.TryReadNext(ref reader, bag));
            Facts.AssertSame(MeaningOfAttributes.Read(record), bag);
        }

        Assert.False(report.TryReadNext(ref reader, bag));
        Assert.Equal(ErrorCode.None, reader.Fault.Code);
    }

    private static HelloFeatures FeaturesOf(JsonElement meaning) =>
        meaning.TryGetProperty("features", out JsonElement features) ? (HelloFeatures)features.GetUInt32() : HelloFeatures.None;

    private static TimeSpan Patience(JsonElement meaning) =>
        meaning.TryGetProperty("patienceMilliseconds", out JsonElement patience) ? TimeSpan.FromMilliseconds(patience.GetUInt32()) : TimeSpan.Zero;

    private static QuotaRequest[] Quotas(JsonElement meaning) =>
    [
        .. meaning.GetProperty("quotas").EnumerateArray()
            .Select(quota => new QuotaRequest(quota.Text("name"), quota.Long("amount"), quota.GetProperty("bestEffort").GetBoolean())),
    ];
}
