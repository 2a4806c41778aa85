using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Tests.Support;
using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Tests.Attributes;

/// <summary>What the vectors do not say of decoding: selections, word counts, and what a fault tells.</summary>
public sealed class AttributeDecodeTests
{
    [Theory]
    [InlineData("request.path", "a3 61 62 63")]
    [InlineData("request.path", "d4 01 08")]
    [InlineData("request.size", "05")]
    [InlineData("request.time", "d6 ff 00 00 00 00")]
    [InlineData("response.duration", "d7 02 00 00 00 00 00 00 00 05")]
    [InlineData("source.ip", "d6 03 0a 00 00 01")]
    [InlineData("connection.mtls", "c3")]
    [InlineData("custom.double", "cb 40 14 00 00 00 00 00 00")]
    [InlineData("custom.bytes", "c4 01 05")]
    [InlineData("request.headers", "81 01 02")]
    public void Receive_UnselectedAttribute_IsAcceptedAndNotStored(string name, string value)
    {
        using var receiver = new Receiver(selection: new AttributeSelection(Receiver.Vocabulary, [Checks.Slot("source.name")]));
        byte[] body = Checks.OfValue(name, (ref WireWriter writer) => writer.WriteRaw(Bytes.Hex(value)));

        Assert.Equal(Outcome.Accepted(2), receiver.Receive(body));
        Assert.False(receiver.Bag.Contains(Checks.Slot(name)));
        Facts.AssertSame([], receiver.Bag);
    }

    [Theory]
    [InlineData("request.path", "05")]
    [InlineData("request.path", "d6 03 0a 00 00 01")]
    [InlineData("request.size", "a1 35")]
    [InlineData("request.size", "cf ff ff ff ff ff ff ff ff")]
    [InlineData("request.time", "c7 05 ff 00 00 00 00 00")]
    [InlineData("request.time", "d7 ff 00 00 00 02 25 c1 7d 05")]
    [InlineData("response.duration", "d6 02 00 00 00 05")]
    [InlineData("source.ip", "c7 05 03 00 00 00 00 00")]
    [InlineData("connection.mtls", "00")]
    [InlineData("custom.double", "05")]
    [InlineData("custom.bytes", "a1 35")]
    [InlineData("request.headers", "90")]
    public void Receive_WrongType_IsAnErrorWhetherSelectedOrNot(string name, string value)
    {
        byte[] body = Checks.OfValue(name, (ref WireWriter writer) => writer.WriteRaw(Bytes.Hex(value)));
        foreach (AttributeSelection selection in new[] { Receiver.AllSelected, new AttributeSelection(Receiver.Vocabulary, []) })
        {
            using var receiver = new Receiver(selection: selection);
            Assert.Equal(new Outcome(ErrorCode.WrongType, IsFatal: false, 2), receiver.Receive(body));
            Assert.Equal(name, receiver.Fault.Subject);
            Assert.StartsWith($"{name}: expected ", receiver.Fault.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("c1")]
    [InlineData("d6 03 0a")]
    [InlineData("92 01")]
    [InlineData("cf ff")]
    public void Receive_NoWholeValueInThePlaceOfOne_IsMalformedForEachType(string value)
    {
        using var receiver = new Receiver();
        foreach (AttributeDefinition definition in Receiver.Vocabulary.Definitions)
        {
            byte[] body = Checks.OfValue(definition.Name, (ref WireWriter writer) => writer.WriteRaw(Bytes.Hex(value)));
            Assert.Equal((definition.Name, ErrorCode.Malformed), (definition.Name, receiver.Receive(body).Code));
        }
    }

    [Fact]
    public void Receive_UndeclaredAttributes_AreSkippedWhateverTheyHold()
    {
        byte[] body = Checks.OfRaw(3, static (ref WireWriter writer) =>
        {
            writer.WriteString("x.one"u8);
            writer.WriteRaw(Bytes.Hex("82 c0 93 c2 cf ff ff ff ff ff ff ff ff ca 00 00 00 00 c7 00 4d d9 02 ff fe"));
            writer.WriteString("request.size"u8);
            writer.Write(7);
            writer.WriteString("x.two"u8);
            writer.WriteNil();
        });
        using var receiver = new Receiver();

        Assert.Equal(Outcome.Accepted(2), receiver.Receive(body));
        Facts.AssertSame([Checks.Fact("request.size", 7)], receiver.Bag);
    }

    [Theory]
    [InlineData(8, 8, true)]
    [InlineData(8, 7, false)]
    [InlineData(8, 0, false)]
    [InlineData(266, int.MaxValue, true)]
    [InlineData(267, int.MaxValue, false)]
    [InlineData(0, 266, false)]
    [InlineData(-1, 266, false)]
    [InlineData(long.MinValue, 266, false)]
    [InlineData((1L << 32) + 8, 266, false)]
    public void Receive_Word_MustBeWithinBothCounts(long word, int wordCount, bool accepted)
    {
        using var receiver = new Receiver(wordCount: wordCount);
        byte[][] bodies =
        [
            Checks.OfRaw(1, (ref WireWriter writer) =>
            {
                writer.Write(word);
                writer.WriteNil();
            }),
            Checks.OfValue("source.labels", (ref WireWriter writer) =>
            {
                writer.WriteMapHeader(1);
                writer.Write(word);
                writer.WriteString("v"u8);
            }),
            Checks.OfValue("source.labels", (ref WireWriter writer) =>
            {
                writer.WriteMapHeader(1);
                writer.WriteString("k"u8);
                writer.Write(word);
            }),
        ];
        foreach (byte[] body in bodies)
        {
            Assert.Equal(accepted ? ErrorCode.None : ErrorCode.UnknownWord, receiver.Receive(body).Code);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(256)]
    public void Receive_MapWithAKeyTwice_IsADuplicateAtAnySize(int entries)
    {
        KeyValuePair<string, string>[] map = Checks.Entries(entries);
        using var receiver = new Receiver();
        Assert.Equal(ErrorCode.None, receiver.Receive(Checks.Of(Checks.Fact("request.headers", map))).Code);

        map[^1] = KeyValuePair.Create(map[0].Key, "other");
        Assert.Equal(
            new Outcome(ErrorCode.DuplicateAttribute, IsFatal: false, 2), receiver.Receive(Checks.Of(Checks.Fact("request.headers", map))));
        Assert.Equal("request.headers", receiver.Fault.Subject);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    public void Receive_MapWithAKeyAsWordAndText_IsADuplicateAtAnySize(int others)
    {
        byte[] body = Checks.OfValue("request.headers", (ref WireWriter writer) =>
        {
            writer.WriteMapHeader(others + 2);
            foreach (KeyValuePair<string, string> entry in Checks.Entries(others))
            {
                writer.WriteString(System.Text.Encoding.UTF8.GetBytes(entry.Key));
                writer.WriteString("v"u8);
            }

            writer.WriteWordOrString("cookie"u8, 266);
            writer.WriteString("v"u8);
            writer.WriteString("cookie"u8);
            writer.WriteString("v"u8);
        });
        using var receiver = new Receiver();
        Assert.Equal(ErrorCode.DuplicateAttribute, receiver.Receive(body).Code);
    }

    [Fact]
    public void Receive_LargeMapUnderAHigherLimit_IsReadAndChecked()
    {
        ProtocolLimits limits = ProtocolLimits.Default with { MaxMapEntries = 5000 };
        using var receiver = new Receiver(limits);
        KeyValuePair<string, string>[] map = Checks.Entries(5000);
        byte[] body = Checks.Of(Checks.Fact("request.headers", map));
        Assert.Equal(ErrorCode.None, receiver.Receive(body).Code);
        Facts.AssertSame([Checks.Fact("request.headers", map)], receiver.Bag);

        map[4999] = map[77];
        Assert.Equal(ErrorCode.DuplicateAttribute, receiver.Receive(Checks.Of(Checks.Fact("request.headers", map))).Code);
    }

    [Fact]
    public void ToString_Fault_NamesSubjectPlaceAndWhatWouldBeRight() => Assert.Equal(
        "request.size: expected INT64, an integer within 64 bits, signed (at byte 17)",
        new ProtocolFault(ErrorCode.WrongType, 17, WireFormat.Expected(AttributeType.Int64), "request.size").ToString());

    [Fact]
    public void Fault_OfAWrongType_IsAtTheFirstByteOfTheValue()
    {
        using var receiver = new Receiver();
        receiver.Receive(Bytes.Hex("93 03 02 81 0f a1 35"));
        Assert.Equal(5, receiver.Fault.Offset);
    }
}
