using System.Buffers;
using CsCheck;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Tests.Support;
using FastMixer.Protocol.Wire;
using FastMixer.Testing;

namespace FastMixer.Protocol.Tests.Properties;

public sealed class WireWriterTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TryComplete_EverySpanTooShort_SaysSoAndNeverThrows(bool framed) =>
        Gens.Facts.Select(Gen.Int[0, 3]).Sample(
            (facts, kind) =>
            {
                using AttributeWriter attributes = facts.ToWriter();
                AssertEveryShorterSpan(framed, (ref WireWriter writer) => Write(ref writer, kind, attributes));
            },
            iter: 30);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TryComplete_EachSingleValue_SaysWhetherItFits(bool framed)
    {
        Writing[] values =
        [
            static (ref WireWriter writer) => writer.Write(long.MinValue), static (ref WireWriter writer) => writer.Write(70_000),
            static (ref WireWriter writer) => writer.Write(300), static (ref WireWriter writer) => writer.Write(200),
            static (ref WireWriter writer) => writer.Write(1.5), static (ref WireWriter writer) => writer.Write(true),
            static (ref WireWriter writer) => writer.WriteNil(), static (ref WireWriter writer) => writer.WriteArrayHeader(70_000),
            static (ref WireWriter writer) => writer.WriteMapHeader(20), static (ref WireWriter writer) => writer.WriteString("text"u8),
            static (ref WireWriter writer) => writer.WriteString(new byte[300]),
            static (ref WireWriter writer) => writer.WriteBytes(new byte[300]),
            static (ref WireWriter writer) => writer.WriteExtension(-1, new byte[12]),
            static (ref WireWriter writer) => writer.WriteExtension(1, new byte[2]),
        ];
        Assert.All(values, value => AssertEveryShorterSpan(framed, value));
    }

    [Fact]
    public void TryComplete_Framed_FillsTheLengthIn() => Gens.Facts.Array[0, 5].Sample(messages =>
    {
        byte[][] bodies = [.. messages.Select(facts => Checks.Of(facts))];
        byte[] stream = [.. bodies.SelectMany(body => Bytes.Of((ref WireWriter writer) => writer.WriteRaw(body), framed: true))];
        IEnumerable<ReadOnlySequence<byte>> segmentations = stream.Length < 150
            ? Segmentation.Every(stream)
            : [new ReadOnlySequence<byte>(stream), Segmentation.BytePerSegment(stream)];
        foreach (ReadOnlySequence<byte> segmented in segmentations)
        {
            ReadOnlySequence<byte> rest = segmented;
            foreach (byte[] body in bodies)
            {
                Assert.Equal(FrameResult.Complete, FrameReader.TryRead(ref rest, 1 << 20, out ReadOnlySequence<byte> read, out _));
                Assert.Equal(body, read.ToArray());
            }

            Assert.True(rest.IsEmpty);
        }
    });

    [Fact]
    public void WriteMilliseconds_OutsideOfWhatAReaderTakes_IsClamped()
    {
        byte[] never = Bytes.Of(static (ref WireWriter writer) => new GoingAway(TimeSpan.MaxValue, "").Write(ref writer));
        byte[] negative = Bytes.Of(static (ref WireWriter writer) =>
            new Acknowledgement(1, 2, TimeSpan.FromMilliseconds(-1)).Write(ref writer, 3));
        Assert.Equal(Bytes.Hex("94 09 00 ce ff ff ff ff a0"), never);
        Assert.Equal(Bytes.Hex("95 06 03 01 02 00"), negative);
    }

    private static void Write(ref WireWriter writer, int kind, AttributeWriter attributes)
    {
        switch (kind)
        {
            case 0:
                Hello.Write(ref writer, 1, 266, "test"u8, attributes);
                break;
            case 1:
                CheckRequest.Write(ref writer, 300, attributes, [new QuotaRequest("rate", -70_000, true)], "id"u8);
                break;
            case 2:
                ReportWriter.Write(ref writer, 70_000, [attributes, attributes]);
                break;
            default:
                new Welcome(1, "fastmixer/1", "abc", 266, ProtocolLimits.Default).Write(ref writer, 1);
                break;
        }
    }

    private static void AssertEveryShorterSpan(bool framed, Writing write)
    {
        byte[] whole = Bytes.Of(write, framed);
        var buffer = new byte[whole.Length];
        for (int length = 0; length < whole.Length; length++)
        {
            var writer = new WireWriter(buffer.AsSpan(0, length), framed);
            write(ref writer);
            Assert.False(writer.TryComplete(out int written), $"{length} of {whole.Length} bytes");
            Assert.Equal(0, written);
        }

        var exact = new WireWriter(buffer, framed);
        write(ref exact);
        Assert.True(exact.TryComplete(out int all));
        Assert.Equal(whole, buffer[..all]);
    }
}
