using System.Text;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Tests.Support;
using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Tests.Wire;

/// <summary>Each limit of section 7 that a body can exceed: just under, at, over.</summary>
public sealed class LimitTests
{
    public static TheoryData<int, bool> AroundEight => new() { { 7, true }, { 8, true }, { 9, false } };

    private static readonly ProtocolLimits Eights = ProtocolLimits.Default with
    {
        MaxAttributes = 8,
        MaxMapEntries = 8,
        MaxNameBytes = 8,
        MaxValueBytes = 8,
        MaxRecords = 8,
        MaxQuotas = 8,
    };

    [Theory]
    [MemberData(nameof(AroundEight))]
    public void Receive_Attributes_UpToTheLimit(int count, bool accepted) =>
        AssertLimit(accepted, Checks.OfRaw(count, (ref WireWriter writer) =>
        {
            for (int i = 0; i < count; i++)
            {
                writer.Write(i + 1);
                writer.WriteNil();
            }
        }));

    [Theory]
    [MemberData(nameof(AroundEight))]
    public void Receive_AttributesOfARecord_UpToTheLimit(int count, bool accepted) =>
        AssertLimit(accepted, Bytes.Of((ref WireWriter writer) =>
        {
            MessageHeader.Write(ref writer, MessageKind.Report, 2, elements: 1);
            writer.WriteArrayHeader(1);
            writer.WriteMapHeader(count);
            for (int i = 0; i < count; i++)
            {
                writer.Write(i + 1);
                writer.WriteNil();
            }
        }));

    [Theory]
    [MemberData(nameof(AroundEight))]
    public void Receive_MapEntries_UpToTheLimit(int count, bool accepted) =>
        AssertLimit(accepted, Checks.OfRaw(1, (ref WireWriter writer) =>
        {
            writer.Write(4);
            writer.WriteMapHeader(count);
            for (int i = 0; i < count; i++)
            {
                writer.Write(i + 1);
                writer.Write(1);
            }
        }));

    [Theory]
    [MemberData(nameof(AroundEight))]
    public void Receive_BytesOfAName_UpToTheLimit(int count, bool accepted) =>
        AssertLimit(accepted, Checks.OfValue(new string('x', count), static (ref WireWriter writer) => writer.Write(true)));

    [Theory]
    [MemberData(nameof(AroundEight))]
    public void Receive_BytesOfAQuotasName_UpToTheLimit(int count, bool accepted) =>
        AssertLimit(accepted, WithQuotas([new QuotaRequest(new string('q', count), 1)]));

    [Theory]
    [MemberData(nameof(AroundEight))]
    public void Receive_BytesOfAHellosName_UpToTheLimit(int count, bool accepted)
    {
        using var none = new AttributeWriter();
        byte[] name = Encoding.UTF8.GetBytes(new string('n', count));
        byte[] hello = Bytes.Of((ref WireWriter writer) => Hello.Write(ref writer, 1, 266, name, none));
        using var receiver = new Receiver(Eights);

        Outcome outcome = receiver.ReceiveFirst(hello);

        Assert.Equal(accepted ? Outcome.Accepted(1) : new Outcome(ErrorCode.LimitExceeded, IsFatal: true, 1), outcome);
    }

    [Theory]
    [MemberData(nameof(AroundEight))]
    public void Receive_BytesOfAString_UpToTheLimit(int count, bool accepted) =>
        AssertLimit(accepted, OfWord(8, (ref WireWriter writer) => writer.WriteString(Filled(count))));

    [Theory]
    [MemberData(nameof(AroundEight))]
    public void Receive_BytesOfAMapsKey_UpToTheLimit(int count, bool accepted) =>
        AssertLimit(accepted, OfWord(4, (ref WireWriter writer) =>
        {
            writer.WriteMapHeader(1);
            writer.WriteString(Filled(count));
            writer.WriteString("v"u8);
        }));

    [Theory]
    [MemberData(nameof(AroundEight))]
    public void Receive_BytesOfAMapsValue_UpToTheLimit(int count, bool accepted) =>
        AssertLimit(accepted, OfWord(4, (ref WireWriter writer) =>
        {
            writer.WriteMapHeader(1);
            writer.WriteString("k"u8);
            writer.WriteString(Filled(count));
        }));

    [Theory]
    [InlineData(65_535, true)]
    [InlineData(65_536, true)]
    [InlineData(65_537, false)]
    public void Receive_BytesValue_UpToTheDefaultLimit(int count, bool accepted)
    {
        using var receiver = new Receiver();
        Outcome outcome = receiver.Receive(Checks.Of(Checks.Fact("custom.bytes", new byte[count])));
        Assert.Equal(accepted ? ErrorCode.None : ErrorCode.LimitExceeded, outcome.Code);
    }

    [Theory]
    [MemberData(nameof(AroundEight))]
    public void Receive_Records_UpToTheLimit(int count, bool accepted) =>
        AssertLimit(accepted, Bytes.Of((ref WireWriter writer) =>
        {
            MessageHeader.Write(ref writer, MessageKind.Report, 2, elements: 1);
            writer.WriteArrayHeader(count);
            for (int i = 0; i < count; i++)
            {
                writer.WriteMapHeader(0);
            }
        }));

    [Theory]
    [MemberData(nameof(AroundEight))]
    public void Receive_Quotas_UpToTheLimit(int count, bool accepted) =>
        AssertLimit(accepted, WithQuotas([.. Enumerable.Range(0, count).Select(i => new QuotaRequest($"q{i}", i))]));

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Receive_BytesOfADeduplicationId_UpTo64(int count, bool accepted)
    {
        using var none = new AttributeWriter();
        byte[] id = Filled(count);
        AssertLimit(accepted, Bytes.Of((ref WireWriter writer) => CheckRequest.Write(ref writer, 2, none, [], id)));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.001, 1)]
    [InlineData(1, 1)]
    [InlineData(1.5, 2)]
    [InlineData(uint.MaxValue, uint.MaxValue)]
    [InlineData(1e12, uint.MaxValue)]
    public void Write_Patience_IsRoundedUpToMillisecondsWithinItsRange(double milliseconds, uint expected)
    {
        using var none = new AttributeWriter();
        TimeSpan patience = TimeSpan.FromMilliseconds(milliseconds);
        using var receiver = new Receiver();
        Outcome outcome = receiver.Receive(Bytes.Of((ref WireWriter writer) => CheckRequest.Write(ref writer, 2, none, [], default, patience)));
        Assert.Equal(ErrorCode.None, outcome.Code);
        Assert.Equal(TimeSpan.FromMilliseconds(expected), receiver.Check.Patience);
    }

    [Theory]
    [InlineData(4, FrameResult.Complete)]
    [InlineData(3, FrameResult.Complete)]
    [InlineData(2, FrameResult.TooLarge)]
    public void TryRead_FrameOfThreeBytes_FitsItsLimit(int limit, FrameResult expected)
    {
        var buffer = new System.Buffers.ReadOnlySequence<byte>(Bytes.Hex("00000003 920705"));
        Assert.Equal(expected, FrameReader.TryRead(ref buffer, limit, out _, out uint length));
        Assert.Equal(3u, length);
    }

    // The message, (its records,) and the attributes are open around a value.
    [Theory]
    [InlineData("check", 5, true)]
    [InlineData("check", 6, true)]
    [InlineData("check", 7, false)]
    [InlineData("report", 4, true)]
    [InlineData("report", 5, true)]
    [InlineData("report", 6, false)]
    [InlineData("element", 6, true)]
    [InlineData("element", 7, true)]
    [InlineData("element", 8, false)]
    public void Receive_NestedArrays_UpToEightInAll(string place, int nested, bool accepted)
    {
        byte[] body = Bytes.Of((ref WireWriter writer) =>
        {
            writer.WriteRaw(place switch
            {
                "check" => Bytes.Hex("93 03 02 81 a1 78"),
                "report" => Bytes.Hex("93 05 02 91 81 a1 78"),
                _ => Bytes.Hex("93 07 02"),
            });
            for (int i = 1; i < nested; i++)
            {
                writer.WriteArrayHeader(1);
            }

            writer.WriteArrayHeader(0);
        });
        using var receiver = new Receiver();
        Assert.Equal(accepted ? ErrorCode.None : ErrorCode.Malformed, receiver.Receive(body).Code);
    }

    [Fact]
    public void Receive_NestingOfAMillion_IsMalformedWithoutRecursion()
    {
        byte[] body = [.. Bytes.Hex("93 03 02 81 a1 78"), .. Enumerable.Repeat((byte)0x91, 1_000_000), 0xc0];
        using var receiver = new Receiver();
        Assert.Equal(new Outcome(ErrorCode.Malformed, IsFatal: true, 2), receiver.Receive(body));
    }

    private static void AssertLimit(bool accepted, byte[] body)
    {
        using var receiver = new Receiver(Eights);
        Outcome outcome = receiver.Receive(body);
        Assert.Equal(accepted ? Outcome.Accepted(2) : new Outcome(ErrorCode.LimitExceeded, IsFatal: false, 2), outcome);
    }

    private static byte[] WithQuotas(QuotaRequest[] quotas)
    {
        using var none = new AttributeWriter();
        return Bytes.Of((ref WireWriter writer) => CheckRequest.Write(ref writer, 2, none, quotas, default));
    }

    private static byte[] OfWord(int name, Writing value) => Checks.OfRaw(1, (ref WireWriter writer) =>
    {
        writer.Write(name);
        value(ref writer);
    });

    private static byte[] Filled(int count) => [.. Enumerable.Repeat((byte)'a', count)];
}
