using System.Text;
using CsCheck;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Tests.Support;
using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Tests.Properties;

public sealed class RoundTripTests
{
    [Fact]
    public void Check_AnyAttributes_DecodeToThemselvesAtAnyWordCount() =>
        Gens.Facts.Select(Gen.OneOf(Gen.Const(266), Gen.Const(0), Gen.Int[0, 300])).Sample((facts, wordCount) =>
        {
            using AttributeWriter attributes = facts.ToWriter(wordCount);
            byte[] body = Bytes.Of((ref WireWriter writer) => CheckRequest.Write(ref writer, 2, attributes, [], default));
            using var receiver = new Receiver(wordCount: wordCount);
            Assert.Equal(Outcome.Accepted(2), receiver.Receive(body));
            Facts.AssertSame(facts, receiver.Bag);
            Assert.True(attributes.MaxBytes >= body.Length - 3);
        });

    [Fact]
    public void AttributeWriter_TextAsStringOrUtf8_WritesTheSame() => Gens.Text.Sample(text =>
    {
        using var strings = new AttributeWriter();
        using var bytes = new AttributeWriter();
        strings.Set("request.path", text);
        bytes.Set("request.path", Encoding.UTF8.GetBytes(text));
        Assert.Equal(Encoded(strings), Encoded(bytes));
    });

    [Fact]
    public void AttributeWriter_MapAsSpanOrCollection_WritesTheSame() => Gens.Map.Sample(map =>
    {
        using var span = new AttributeWriter();
        using var collection = new AttributeWriter();
        span.Set("request.headers", map.AsSpan());
        collection.Set("request.headers", (IReadOnlyCollection<KeyValuePair<string, string>>)map);
        Assert.Equal(Encoded(span), Encoded(collection));
    });

    [Fact]
    public void Check_AnyQuotasDeduplicationIdAndPatience_DecodeToThemselves() =>
        Gen.Select(Gens.Text.Where(text => Encoding.UTF8.GetByteCount(text) <= 256), Gen.Long, Gen.Bool).Array[0, 16]
            .Select(Gen.Byte[97, 122].Array[0, 64], Gen.OneOf(Gen.UInt, Gen.Const(0u)))
            .Sample((asked, id, milliseconds) =>
            {
                QuotaRequest[] quotas = [.. asked.Select(quota => new QuotaRequest(quota.Item1, quota.Item2, quota.Item3))];
                using var none = new AttributeWriter();
                byte[] body = Bytes.Of((ref WireWriter writer) => CheckRequest.Write(ref writer, uint.MaxValue, none, quotas, id, TimeSpan.FromMilliseconds(milliseconds)));
                using var receiver = new Receiver();
                Assert.Equal(Outcome.Accepted(uint.MaxValue), receiver.Receive(body));
                Assert.Equal(id, receiver.Check.DeduplicationId.ToArray());
                Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), receiver.Check.Patience);
                Assert.Equal(quotas.Length, receiver.Check.QuotaCount);
                for (int i = 0; i < quotas.Length; i++)
                {
                    receiver.Check.GetQuota(i, out ReadOnlySpan<byte> name, out long amount, out bool bestEffort);
                    Assert.Equal(quotas[i], new QuotaRequest(Encoding.UTF8.GetString(name), amount, bestEffort));
                }
            });

    [Fact]
    public void Report_AnyRecordsUponAnyBase_DecodeToTheFullRecords() =>
        Gens.Record.Select(Gens.Record.Array[0, 6]).Sample((inherited, records) =>
        {
            Fact[] baseFacts = [.. inherited.Where(fact => fact.Value is not null)];
            using var receiver = new Receiver();
            Assert.Equal(ErrorCode.None, receiver.ReceiveFirst(Checks.Hello(baseFacts)).Code);
            using AttributeWriter baseAttributes = baseFacts.ToWriter();
            AttributeWriter[] writers = [.. records.Select(record => record.ToWriter())];
            byte[] body = Bytes.Of((ref WireWriter writer) => ReportWriter.Write(ref writer, 2, writers, baseAttributes));

            Assert.Equal(Outcome.Accepted(2), receiver.Receive(body));

            AttributeBag bag = receiver.Bag;
            bag.Reset(Receiver.AllSelected, receiver.BaseAttributes);
            WireReader reader = bag.Load(body);
            Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader header));
            Assert.True(ReportReader.TryStart(ref reader, header, ProtocolLimits.Default, 266, padded: false, out ReportReader report));
            Assert.Equal(records.Length, report.Count);
            foreach (Fact[] record in records)
            {
                Assert.True(report.TryReadNext(ref reader, bag));
                Facts.AssertSame(record.UnionBy(baseFacts, fact => fact.Name), bag);
            }
        });

    [Fact]
    public void Verdict_Any_ReadsBack()
    {
        Gen<ReferencedAttribute> reference = Gen.Select(Gens.Text, Gens.Text, Gen.Bool, Gen.Bool)
            .Select((name, key, hasKey, present) => new ReferencedAttribute(name, hasKey ? key : null, present));
        Gen<QuotaGrant> grant = Gen.Select(Gens.Text, Gen.Long, Gen.UInt, reference.Array[0, 4])
            .Select((name, granted, milliseconds, references) =>
                new QuotaGrant(name, granted, TimeSpan.FromMilliseconds(milliseconds)) { Referenced = references });
        Gen<(ulong Policy, bool TellsReferences)> extras = Gen.Select(Gen.OneOf(Gen.ULong, Gen.Const(0ul)), Gen.Bool);
        Gen<(StatusCode, string, uint, int)> start =
            Gen.Select(Gen.Int[0, 16].Select(code => (StatusCode)code), Gens.Text, Gen.UInt, Gen.Int[-1, int.MaxValue]);
        Gen.Select(start, reference.Array[0, 20], grant.Array[0, 5], extras, Gen.Int[0, 266]).Sample((head, references, granted, extra, words) =>
        {
            QuotaGrant[] grants = [.. granted.Select(quota => extra.TellsReferences ? quota : quota with { Referenced = null })];
            var verdict = new Verdict(
                head.Item1, head.Item2, TimeSpan.FromMilliseconds(head.Item3), head.Item4, references, grants)
            {
                Policy = extra.Policy,
            };
            var reader = new WireReader(Verdicts.Encode(9, verdict, words));
            Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader header));
            Assert.True(Verdict.TryRead(ref reader, header, words, out Verdict? read), reader.Fault.ToString());
            Assert.Equal(verdict with { Referenced = [], Quotas = [] }, read! with { Referenced = [], Quotas = [] });
            Assert.Equal(references, read.Referenced);
            Assert.Equal(grants.Select(quota => quota with { Referenced = null }), read.Quotas.Select(quota => quota with { Referenced = null }));
            Assert.Equal(grants.Select(quota => quota.Referenced), read.Quotas.Select(quota => quota.Referenced));
        });
    }

    private static byte[] Encoded(AttributeWriter attributes) => Bytes.Of((ref WireWriter writer) => attributes.WriteTo(ref writer));
}
