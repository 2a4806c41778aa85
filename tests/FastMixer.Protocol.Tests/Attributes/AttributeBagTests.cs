using System.Buffers;
using System.Text;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Tests.Support;
using FastMixer.Protocol.Wire;
using FastMixer.Testing;

namespace FastMixer.Protocol.Tests.Attributes;

public sealed class AttributeBagTests
{
    private static readonly Fact[] Base =
    [
        Checks.Fact("source.name", "sleep"), Checks.Fact("source.namespace", "default"),
        Checks.Fact("source.labels", Checks.Entries(3)), Checks.Fact("connection.mtls", true),
    ];

    [Fact]
    public void Receive_CheckAfterAHello_InheritsOverridesAndRemoves()
    {
        using var receiver = new Receiver();
        Assert.Equal(ErrorCode.None, receiver.ReceiveFirst(Checks.Hello(Base)).Code);

        byte[] body = Checks.Of(
            Checks.Fact("source.name", "other"), Checks.Fact("source.labels", null), Checks.Fact("request.size", 4),
            Checks.Fact("request.id", null));
        Assert.Equal(ErrorCode.None, receiver.Receive(body).Code);

        Facts.AssertSame(
            [Checks.Fact("source.name", "other"), Base[1], Base[3], Checks.Fact("request.size", 4)], receiver.Bag);
        Assert.Equal(0, receiver.Bag.MapCount(Checks.Slot("source.labels")));
        Assert.False(receiver.Bag.TryGetMapValue(Checks.Slot("source.labels"), "k1"u8, out _));
        Facts.AssertSame(Base, receiver.BaseAttributes);
    }

    [Fact]
    public void Receive_NextCheck_SeesNothingOfTheLast()
    {
        using var receiver = new Receiver();
        receiver.ReceiveFirst(Checks.Hello(Base));
        receiver.Receive(Checks.Of(Checks.Fact("source.name", null), Checks.Fact("request.size", 4)));
        receiver.Receive(Checks.Of());
        Facts.AssertSame(Base, receiver.Bag);
    }

    [Fact]
    public void Reset_LargerVocabulary_HasRoomForIt()
    {
        Vocabulary larger = Vocabulary.Standard.With(
            Enumerable.Range(0, 100).Select(i => new AttributeDefinition($"my.{i}", AttributeType.Int64)));
        using var bag = new AttributeBag(AttributeSelection.All(Vocabulary.Standard));
        bag.Reset(AttributeSelection.All(larger));
        WireReader reader = bag.Load(Bytes.Hex("81 a5 6d 79 2e 39 39 07"));
        Assert.True(AttributeDecoder.TryDecode(ref reader, bag, ProtocolLimits.Default, 266, allowNil: false));
        Assert.True(bag.TryGetInt64(larger.Count - 1, out long value));
        Assert.Equal(7, value);

        bag.Reset(AttributeSelection.All(Vocabulary.Standard));
        Facts.AssertSame([], bag);
    }

    [Fact]
    public void Load_InEverySegmentation_ReadsTheSame()
    {
        Fact[] facts = [Base[0], Base[2], Checks.Fact("request.path", "/a"), Checks.Fact("source.ip", new byte[] { 10, 0, 0, 1 })];
        byte[] body = Checks.Of(facts);
        using var receiver = new Receiver();
        foreach (ReadOnlySequence<byte> sequence in Segmentation.Every(body))
        {
            Assert.Equal(Outcome.Accepted(2), receiver.Receive(sequence, isFirst: false));
            Facts.AssertSame(facts, receiver.Bag);
            Assert.Equal(body, receiver.Bag.Body.ToArray());
        }
    }

    [Fact]
    public void GetMapEntry_OutsideTheMap_Throws()
    {
        using var receiver = new Receiver();
        receiver.Receive(Checks.Of(Base[2]));
        AttributeBag bag = receiver.Bag;
        int slot = Checks.Slot("source.labels");
        Assert.Throws<ArgumentOutOfRangeException>(() => bag.GetMapEntry(slot, 3, out _, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => bag.GetMapEntry(slot, -1, out _, out _));
        Assert.Throws<InvalidOperationException>(() => bag.GetMapEntry(Checks.Slot("request.headers"), 0, out _, out _));
        Assert.False(bag.TryGetMapValue(slot, "k"u8, out _));
        Assert.False(bag.TryGetMapValue(slot, "k3"u8, out _));
    }

    [Fact]
    public void TryGetBytes_WordAndText_AreTheSameValue()
    {
        using var receiver = new Receiver();
        int slot = Checks.Slot("request.method");
        receiver.Receive(Checks.OfValue("request.method", static (ref WireWriter writer) => writer.WriteString("GET"u8)));
        Assert.True(receiver.Bag.TryGetBytes(slot, out ReadOnlySpan<byte> text));
        Assert.Equal("GET", Encoding.UTF8.GetString(text));
        receiver.Receive(Checks.Of(Checks.Fact("request.method", "GET")));
        Assert.True(receiver.Bag.TryGetBytes(slot, out ReadOnlySpan<byte> word));
        Assert.Equal("GET", Encoding.UTF8.GetString(word));
    }

    // 10,000 records with a map of 16 entries each hold 160,000 entries, 2.5 MB if each record kept its own.
    [Fact]
    public void Receive_ReportThatReplacesAMapOften_NeedsTheEntriesOfOneRecord()
    {
        byte[] map = [0x81, 0x04, 0xde, 0, 16, .. Enumerable.Range(1, 16).SelectMany(word => new byte[] { (byte)word, 1 })];
        byte[] body = [.. Bytes.Hex("93 05 02"), 0xdc, 0x27, 0x10, .. Enumerable.Repeat(map, 10_000).SelectMany(bytes => bytes)];
        using var receiver = new Receiver();
        receiver.Receive(body);

        // A collection that another test starts meanwhile charges the thread for what it has not used yet.
        long allocated = Enumerable.Range(0, 3)
            .Min(_ => AllocationAssert.Measure(() => Assert.Equal(Outcome.Accepted(2), receiver.Receive(body))));

        Assert.InRange(allocated, 0, 4096);
        Assert.Equal(16, receiver.Bag.MapCount(Checks.Slot("request.headers")));
    }
}
