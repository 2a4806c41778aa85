using System.Globalization;
using System.Text;
using System.Text.Json;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Tests.Support;
using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Tests.Vectors;

/// <summary>Welcome, verdict, acknowledgement and the control messages: decoded as a client does, encoded as a server does.</summary>
public sealed class ClientBoundVectorTests
{
    private static readonly string[] Files = ["welcome", "verdict", "acknowledgement", "control"];

    public static TheoryData<string, string> All => [.. VectorFile.Names(_ => true, Files)];

    public static TheoryData<string, string> Canonical => [.. VectorFile.Names(vector => vector.IsCanonical(), Files)];

    [Theory]
    [MemberData(nameof(All))]
    public void Decode_ValidVector_GivesItsMeaning(string file, string name)
    {
        JsonElement vector = VectorFile.Find(file, name);
        JsonElement meaning = vector.Meaning();
        var reader = new WireReader(vector.Body());
        Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader header), reader.Fault.ToString());
        Assert.Equal(meaning.Id(), header.Id);
        switch (vector.Text("kind"))
        {
            case "welcome":
                Assert.True(Welcome.TryRead(ref reader, header, out Welcome? welcome), reader.Fault.ToString());
                Assert.Equal(WelcomeOf(meaning), welcome);
                break;
            case "verdict":
                Assert.True(Verdict.TryRead(ref reader, header, WordsOf(vector), out Verdict? verdict), reader.Fault.ToString());
                AssertVerdict(meaning, verdict!);
                break;
            case "acknowledgement":
                Assert.True(Acknowledgement.TryRead(ref reader, header, out Acknowledgement acknowledgement), reader.Fault.ToString());
                Assert.Equal(AcknowledgementOf(meaning), acknowledgement);
                break;
            case "going-away":
                Assert.True(GoingAway.TryRead(ref reader, header, out GoingAway? goingAway), reader.Fault.ToString());
                Assert.Equal(GoingAwayOf(meaning), goingAway);
                break;
            case "policy-changed":
                Assert.True(PolicyChanged.TryRead(ref reader, header, out PolicyChanged changed), reader.Fault.ToString());
                Assert.Equal(PolicyOf(meaning), changed.Policy);
                break;
            case "error":
                Assert.True(ErrorMessage.TryRead(ref reader, header, out ErrorMessage? error), reader.Fault.ToString());
                Assert.Equal(meaning.Text("text"), error!.Text);
                Assert.Equal(Math.Min(meaning.Number("code"), byte.MaxValue), (long)error.Code);
                break;
            default:
                Assert.Equal(KindOf(vector), header.Kind);
                Assert.True(header.TryReadEnd(ref reader, known: 0, padded: false));
                break;
        }

        Assert.True(reader.AtEnd);
    }

    [Theory]
    [MemberData(nameof(Canonical))]
    public void Encode_CanonicalVector_GivesItsBytes(string file, string name)
    {
        JsonElement vector = VectorFile.Find(file, name);
        JsonElement meaning = vector.Meaning();
        byte[] encoded = Bytes.Of((ref WireWriter writer) =>
        {
            switch (vector.Text("kind"))
            {
                case "welcome":
                    WelcomeOf(meaning).Write(ref writer, meaning.Id());
                    break;
                case "verdict":
                    writer.WriteRaw(Verdicts.Encode(meaning.Id(), VerdictOf(meaning), WordsOf(vector)));
                    break;
                case "acknowledgement":
                    AcknowledgementOf(meaning).Write(ref writer, meaning.Id());
                    break;
                case "going-away":
                    GoingAwayOf(meaning).Write(ref writer);
                    break;
                case "policy-changed":
                    new PolicyChanged(PolicyOf(meaning)).Write(ref writer);
                    break;
                case "error":
                    ErrorMessage.Write(
                        ref writer, meaning.Id(), (ErrorCode)meaning.Number("code"), Encoding.UTF8.GetBytes(meaning.Text("text")));
                    break;
                default:
                    Ping.Write(ref writer, KindOf(vector), meaning.Id());
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
        for (int length = 0; length < body.Length; length++)
        {
            Assert.Equal((length, ErrorCode.Malformed), (length, ClientSide.Read(body.AsSpan(0, length))));
        }
    }

    private static int WordsOf(JsonElement vector) => vector.TryGetProperty("words", out JsonElement words) ? words.GetInt32() : 266;

    private static MessageKind KindOf(JsonElement vector) => vector.Text("kind") == "ping" ? MessageKind.Ping : MessageKind.Pong;

    private static Welcome WelcomeOf(JsonElement meaning)
    {
        ProtocolLimits limits = meaning.GetProperty("limits").EnumerateArray()
            .Aggregate(ProtocolLimits.Default, (known, limit) => known.WithNumber(limit[0].GetInt64(), limit[1].GetInt64()));
        return new Welcome(
            (int)meaning.Number("version"), meaning.Text("software"), meaning.Text("instance"), (int)meaning.Number("wordCount"), limits)
        {
            Policy = PolicyOf(meaning),
        };
    }

    private static ulong PolicyOf(JsonElement meaning) =>
        meaning.TryGetProperty("policy", out JsonElement policy) ? ulong.Parse(policy.GetString()!, CultureInfo.InvariantCulture) : 0;

    private static Acknowledgement AcknowledgementOf(JsonElement meaning) => new(
        (int)Math.Min(meaning.Number("accepted"), int.MaxValue),
        (int)Math.Min(meaning.Number("refused"), int.MaxValue),
        TimeSpan.FromMilliseconds(meaning.Number("retryAfterMilliseconds")));

    private static GoingAway GoingAwayOf(JsonElement meaning) =>
        new(TimeSpan.FromMilliseconds(meaning.Number("graceMilliseconds")), meaning.Text("reason"));

    private static void AssertVerdict(JsonElement meaning, Verdict verdict)
    {
        Assert.Equal(Math.Min(meaning.Number("status"), byte.MaxValue), (long)verdict.Status);
        Assert.Equal(meaning.Text("message"), verdict.Message);
        Assert.Equal(meaning.Number("validDurationMilliseconds"), (long)verdict.ValidDuration.TotalMilliseconds);
        Assert.Equal(Math.Clamp(meaning.Long("validUseCount"), -1, int.MaxValue), verdict.ValidUseCount);
        Assert.Equal(References(meaning), verdict.Referenced);
        QuotaGrant[] grants = Grants(meaning);
        Assert.Equal(grants.Select(grant => grant with { Referenced = null }), verdict.Quotas.Select(grant => grant with { Referenced = null }));
        Assert.Equal(grants.Select(grant => grant.Referenced), verdict.Quotas.Select(grant => grant.Referenced));
        Assert.Equal(PolicyOf(meaning), verdict.Policy);
        Assert.Equal(meaning.Number("status") == 0, verdict.IsAllowed);
        RouteDirective expected = DirectiveOf(meaning);
        Assert.Equal(expected.Response, verdict.Directive.Response);
        Assert.Equal(expected.RequestHeaders, verdict.Directive.RequestHeaders);
        Assert.Equal(expected.ResponseHeaders, verdict.Directive.ResponseHeaders);
        Assert.Equal(meaning.TryGetProperty("directive", out _), !verdict.Directive.IsEmpty);
    }

    private static Verdict VerdictOf(JsonElement meaning) => new(
        (StatusCode)meaning.Number("status"),
        meaning.Text("message"),
        TimeSpan.FromMilliseconds(meaning.Number("validDurationMilliseconds")),
        checked((int)meaning.Long("validUseCount")),
        References(meaning),
        Grants(meaning))
    {
        Directive = DirectiveOf(meaning),
        Policy = PolicyOf(meaning),
    };

    private static RouteDirective DirectiveOf(JsonElement meaning)
    {
        if (!meaning.TryGetProperty("directive", out JsonElement directive))
        {
            return RouteDirective.None;
        }

        int code = (int)directive.Number("code");
        return new RouteDirective(
            code == 0 ? null : new DirectResponse(code, directive.Text("body")),
            Operations(directive.GetProperty("requestOperations")),
            Operations(directive.GetProperty("responseOperations")));
    }

    private static HeaderOperation[] Operations(JsonElement operations) =>
    [
        .. operations.EnumerateArray().Select(operation => new HeaderOperation(
            (HeaderOperationKind)operation.Number("operation"),
            operation.Text("name"),
            operation.TryGetProperty("value", out JsonElement value) ? value.GetString()! : "")),
    ];

    private static ReferencedAttribute[] References(JsonElement meaning) =>
    [
        .. meaning.GetProperty("referencedAttributes").EnumerateArray().Select(reference => new ReferencedAttribute(
            reference.Text("name"),
            reference.TryGetProperty("key", out JsonElement key) ? key.GetString() : null,
            reference.GetProperty("exact").GetBoolean())),
    ];

    private static QuotaGrant[] Grants(JsonElement meaning) =>
    [
        .. meaning.GetProperty("quotas").EnumerateArray().Select(quota => new QuotaGrant(
            quota.Text("name"), quota.Long("granted"), TimeSpan.FromMilliseconds(quota.Number("validDurationMilliseconds")))
        {
            Referenced = quota.TryGetProperty("referencedAttributes", out _) ? References(quota) : null,
        }),
    ];
}
