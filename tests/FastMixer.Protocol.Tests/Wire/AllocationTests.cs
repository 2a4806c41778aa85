using System.Buffers;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Tests.Support;
using FastMixer.Protocol.Wire;
using FastMixer.Testing;

namespace FastMixer.Protocol.Tests.Wire;

public sealed class AllocationTests
{
    private const int Iterations = 10_000;

    private static readonly Fact[] Request =
    [
        Checks.Fact("request.path", "/reviews/7"), Checks.Fact("request.method", "GET"), Checks.Fact("request.host", "reviews.example"),
        Checks.Fact("request.size", 1234), Checks.Fact("request.time", 1_500_000_000_123_456_789L),
        Checks.Fact("source.ip", new byte[] { 10, 0, 0, 1 }), Checks.Fact("source.namespace", "default"),
        Checks.Fact("source.name", "sleep-7"), Checks.Fact("destination.service.name", "reviews"), Checks.Fact("connection.mtls", true),
        Checks.Fact("response.duration", 12_000_000L), Checks.Fact("request.headers", Checks.Entries(15)),
    ];

    [Fact]
    public void Receive_CheckOfTwelveAttributes_AllocatesNothing()
    {
        byte[] body = Checks.Of(Request);
        using var receiver = new Receiver();
        AllocationAssert.Zero(Iterations, () => Decode(receiver, new ReadOnlySequence<byte>(body)));
        Facts.AssertSame(Request, receiver.Bag);
    }

    [Fact]
    public void Receive_CheckByteByByte_AllocatesNothing()
    {
        ReadOnlySequence<byte> body = Segmentation.BytePerSegment(Checks.Of(Request));
        using var receiver = new Receiver();
        AllocationAssert.Zero(1000, () => Decode(receiver, body));
    }

    [Fact]
    public void Receive_Report_AllocatesNothing()
    {
        AttributeWriter[] records = [.. Enumerable.Range(0, 10).Select(i => Request.Append(Checks.Fact("response.code", i)).ToWriter())];
        byte[] body = Bytes.Of((ref WireWriter writer) => ReportWriter.Write(ref writer, 2, records));
        using var receiver = new Receiver();
        AllocationAssert.Zero(1000, () => Decode(receiver, new ReadOnlySequence<byte>(body)));
    }

    [Fact]
    public void TryRead_FramesOfAStream_AllocateNothing()
    {
        byte[] stream = [.. Bytes.Hex("00000003 920705 00000003 920805 0000")];
        AllocationAssert.Zero(Iterations, () =>
        {
            var buffer = new ReadOnlySequence<byte>(stream);
            while (FrameReader.TryRead(ref buffer, 1000, out _, out _) == FrameResult.Complete)
            {
            }
        });
    }

    [Fact]
    public void Encode_Verdict_AllocatesNothing()
    {
        var buffer = new byte[1024];
        AllocationAssert.Zero(Iterations, () =>
        {
            var writer = new WireWriter(buffer, framed: true);
            VerdictWriter.WriteStart(
                ref writer,
                7,
                StatusCode.PermissionDenied,
                "not here"u8,
                TimeSpan.FromSeconds(5),
                1000,
                references: 2,
                VerdictExtras.Policy | VerdictExtras.QuotaReferences);
            VerdictWriter.WriteReference(ref writer, ReferenceFlags.Exact, "request.path"u8, default, 266);
            VerdictWriter.WriteReference(ref writer, ReferenceFlags.HasKey, "request.headers"u8, "x-token"u8, 266);
            VerdictWriter.WriteQuotaCount(ref writer, 1);
            VerdictWriter.WriteQuota(ref writer, "rate"u8, 5, TimeSpan.FromSeconds(1));
            VerdictWriter.WriteNoDirective(ref writer);
            VerdictWriter.WritePolicy(ref writer, ulong.MaxValue);
            VerdictWriter.WriteQuotaCount(ref writer, 1);
            VerdictWriter.WriteReferenceCount(ref writer, 1);
            VerdictWriter.WriteReference(ref writer, ReferenceFlags.Exact, "source.user"u8, default, 266);
            new PolicyChanged(ulong.MaxValue).Write(ref writer);
            Assert.True(writer.TryComplete(out _));
        });
    }

    [Fact]
    public void Encode_Attributes_AllocatesNothingOnceGrown()
    {
        using var attributes = new AttributeWriter();
        var buffer = new byte[4096];
        AllocationAssert.Zero(Iterations, () =>
        {
            attributes.Clear();
            foreach (Fact fact in Request)
            {
                fact.WriteTo(attributes);
            }

            var writer = new WireWriter(buffer, framed: true);
            CheckRequest.Write(ref writer, 3, attributes, [], default);
            Assert.True(writer.TryComplete(out _));
        });
    }

    private static void Decode(Receiver receiver, in ReadOnlySequence<byte> body)
    {
        if (receiver.Receive(body, isFirst: false).Code != ErrorCode.None)
        {
            throw new InvalidOperationException(receiver.Fault.ToString());
        }
    }
}
