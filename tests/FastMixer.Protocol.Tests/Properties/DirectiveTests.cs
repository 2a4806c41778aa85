using System.Buffers;
using System.Text;
using CsCheck;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Tests.Support;
using FastMixer.Protocol.Wire;
using FastMixer.Testing;

namespace FastMixer.Protocol.Tests.Properties;

/// <summary>Directives read back as they were written, and nothing that is not a directive is read as one.</summary>
public sealed class DirectiveTests
{
    private const string TokenCharacters = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static readonly Gen<string> Name = Gen.OneOf(
        Gen.Char[TokenCharacters].Array[1, 256].Select(characters => new string(characters)),
        Gen.OneOf("cookie", "set-cookie", "X-User", "default"));

    private static readonly Gen<string> Value = Gen.OneOf(
        Gen.Char[" \t~!abc/=;,"].Array[0, 300].Select(characters => new string(characters)), Gen.OneOf("", "zażółć", "日本語", "😀", "default"));

    private static readonly Gen<HeaderOperation> Operation = Gen.Select(Gen.Enum<HeaderOperationKind>(), Name, Value)
        .Select((kind, name, value) => new HeaderOperation(kind, name, kind == HeaderOperationKind.Remove ? "" : value));

    private static readonly Gen<HeaderOperation> RequestOperation = Gen.Frequency(
        (4, Operation),
        (1, Gen.Select(Gen.OneOf(":path", ":authority", ":method", ":scheme"), Gen.Char['!', '~'].Array[1, 50])
            .Select((name, value) => new HeaderOperation(HeaderOperationKind.Replace, name, new string(value)))));

    private static readonly Gen<DirectResponse?> Response = Gen.OneOf(
        Gen.Const((DirectResponse?)null), Gen.Select(Gen.Int[200, 599], Gens.Text).Select((code, body) => (DirectResponse?)new DirectResponse(code, body)));

    private static readonly Gen<Verdict> Any = Gen.Select(Gen.Int[0, 16], Response, RequestOperation.Array[0, 32], Operation.Array[0, 32])
        .Select((status, response, request, back) =>
            new Verdict((StatusCode)(response is null ? status : Math.Max(status, 1)), "no", TimeSpan.FromSeconds(1), 5, [new("request.path", null, true)], [])
            {
                Directive = new RouteDirective(response, request, back),
            });

    [Fact]
    public void Any_ReadsBack() => Any.Sample(verdict => AssertSame(verdict, Verdicts.Encode(9, verdict)));

    [Fact]
    public void Any_ReadsBackHoweverTheStreamIsSplit() => Any.Sample(
        verdict =>
        {
            byte[] body = Verdicts.Encode(9, verdict);
            byte[] stream = [0, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body];
            foreach (ReadOnlySequence<byte> sequence in Segmentation.Every(stream).Take(50))
            {
                ReadOnlySequence<byte> rest = sequence;
                Assert.Equal(FrameResult.Complete, FrameReader.TryRead(ref rest, ushort.MaxValue, out ReadOnlySequence<byte> frame, out _));
                AssertSame(verdict, frame.ToArray());
            }
        },
        iter: 200);

    [Fact]
    public void Any_CutShort_IsMalformed() => Any.Select(Gen.Int[0, 1_000_000]).Sample((verdict, place) =>
    {
        byte[] body = Verdicts.Encode(9, verdict);
        Assert.Equal(ErrorCode.Malformed, ClientSide.Read(body.AsSpan(0, place % body.Length)));
    });

    [Fact]
    public void Value_WithAnyControlCharacterAnywhere_IsRefused() => Gen.Select(Gen.Int[0, 0x1f], Value, Value).Sample((code, before, behind) =>
    {
        char control = code == '\t' ? '\u007f' : (char)code;
        Assert.False(HeaderSyntax.IsValue(Encoding.UTF8.GetBytes(before + control + behind)));
        Assert.True(HeaderSyntax.IsValue(Encoding.UTF8.GetBytes(before + "\t" + behind)));
    });

    [Fact]
    public void Name_IsATokenAndNothingElse() => Assert.Equal(
        TokenCharacters.Order(),
        Enumerable.Range(0, 256).Where(code => HeaderSyntax.IsName([(byte)code])).Select(code => (char)code));

    [Fact]
    public void NothingToSay_TakesNoBytes()
    {
        var verdict = new Verdict(StatusCode.Ok, "", TimeSpan.Zero, 0, [], []);
        Assert.Equal(Bytes.Hex("98 04 09 00 a0 00 00 90 90"), Verdicts.Encode(9, verdict));
        Assert.Same(RouteDirective.None, Read(Verdicts.Encode(9, verdict)).Directive);
    }

    private static void AssertSame(Verdict expected, byte[] body)
    {
        Verdict read = Read(body);
        Assert.Equal(expected.Directive.Response, read.Directive.Response);
        Assert.Equal(expected.Directive.RequestHeaders, read.Directive.RequestHeaders);
        Assert.Equal(expected.Directive.ResponseHeaders, read.Directive.ResponseHeaders);
        Assert.Equal(expected.Referenced, read.Referenced);
        Assert.Equal((expected.Status, expected.Message), (read.Status, read.Message));
    }

    private static Verdict Read(byte[] body)
    {
        var reader = new WireReader(body);
        Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader header));
        Assert.True(Verdict.TryRead(ref reader, header, 266, out Verdict? verdict), reader.Fault.ToString());
        return verdict!;
    }
}
