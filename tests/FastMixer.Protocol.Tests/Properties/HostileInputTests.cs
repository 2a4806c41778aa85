using System.Text.Json;
using CsCheck;
using FastMixer.Protocol.Tests.Support;
using FastMixer.Protocol.Tests.Vectors;
using FastMixer.Protocol.Wire;
using FastMixer.Testing;

namespace FastMixer.Protocol.Tests.Properties;

/// <summary>Whatever bytes come, readers answer with a value, and take no memory that the bytes did not pay for.</summary>
public sealed class HostileInputTests
{
    // The text of a fault, and the first entries of a bag.
    private const int ConstantBytes = 4096;

    // The bytes of a body that stay when it is decoded: 16 for an entry of a map, which takes two bytes at least.
    private const int BytesPerByte = 8;

    private static readonly byte[][] ServerBound = Bodies("hello", "check", "attributes", "report", "malformed");

    private static readonly byte[][] ClientBound = Bodies("welcome", "verdict", "malformed-verdict", "acknowledgement", "control");

    [Fact]
    public void Receive_RandomBytes_NeitherThrowsNorAllocates() =>
        Gen.Byte.Array[0, 200].Sample(AssertServerSurvives, iter: 20_000, threads: 1);

    [Fact]
    public void Receive_RandomBytesBehindAGoodStart_NeitherThrowsNorAllocates() =>
        Gen.OneOf("930302", "950302", "930502", "9701010101cd010a", "93030281", "9303028204", "9305029382")
            .Select(Gen.Byte.Array[0, 100])
            .Select((start, rest) => (byte[])[.. Bytes.Hex(start), .. rest])
            .Sample(AssertServerSurvives, iter: 20_000, threads: 1);

    [Fact]
    public void Receive_MutatedMessages_NeitherThrowsNorAllocates() =>
        Mutated(ServerBound).Sample(AssertServerSurvives, iter: 20_000, threads: 1);

    [Fact]
    public void ReadAsClient_MutatedMessages_NeverThrows() =>
        Mutated(ClientBound).Sample(body => { ClientSide.Read(body); }, iter: 20_000);

    [Fact]
    public void ReadAsClient_RandomBytes_NeverThrows() =>
        Gen.Byte.Array[0, 200].Sample(body => { ClientSide.Read(body); }, iter: 10_000);

    // What a client makes of a verdict is strings; a reference of three bytes on the wire is a record and the text of a word.
    [Theory]
    [InlineData("dd ff ff ff ff 04 02 00 a0 00 00 90 90")]
    [InlineData("98 04 02 00 a0 00 00 dd ff ff ff ff 90")]
    [InlineData("98 04 02 00 a0 00 00 90 dd ff ff ff ff")]
    [InlineData("98 04 02 00 db ff ff ff ff 61")]
    [InlineData("99 04 02 00 a0 00 00 90 90 94 00 a0 dd ff ff ff ff 90")]
    [InlineData("99 04 02 00 a0 00 00 90 90 94 00 a0 90 dd ff ff ff ff")]
    [InlineData("9b 04 02 00 a0 00 00 90 90 94 00 a0 90 90 00 dd ff ff ff ff")]
    [InlineData("9b 04 02 00 a0 00 00 90 91 93 a0 00 00 94 00 a0 90 90 00 91 dd ff ff ff ff")]
    [InlineData("97 02 02 01 a0 a0 05 df ff ff ff ff")]
    public void ReadAsClient_ClaimsOfFourBillion_AllocatesNextToNothing(string hex) =>
        AssertAllocates(ConstantBytes, () => Assert.Equal(ErrorCode.Malformed, ClientSide.Read(Bytes.Hex(hex))));

    [Theory]
    [InlineData("dd ff ff ff ff 03 02 80")]
    [InlineData("93 03 02 df ff ff ff ff 08 01")]
    [InlineData("93 03 02 81 04 df ff ff ff ff 01 01")]
    [InlineData("93 03 02 81 08 db ff ff ff ff 61")]
    [InlineData("93 03 02 81 08 c9 ff ff ff ff 01 61")]
    [InlineData("93 03 02 81 a1 78 dd ff ff ff ff 61")]
    [InlineData("93 05 02 dd ff ff ff ff 80")]
    [InlineData("94 03 02 80 dd ff ff ff ff 93 a1 71 01 c2")]
    public void Receive_ClaimsOfFourBillion_AllocatesNextToNothing(string hex)
    {
        using var receiver = new Receiver();
        AssertAllocates(ConstantBytes, () => Assert.Equal(ErrorCode.Malformed, receiver.Receive(Bytes.Hex(hex)).Code));
    }

    // A reference takes three bytes at least, a quota four, an operation four: what an array claims beyond that is not believed.
    [Theory]
    [InlineData("98 04 02 00 a0 00 00 dd 00 10 00 00")]
    [InlineData("98 04 02 00 a0 00 00 90 dd 00 10 00 00")]
    [InlineData("99 04 02 00 a0 00 00 90 90 94 00 a0 dd 00 10 00 00")]
    public void ReadAsClient_ArrayThatClaimsAnElementAByte_AllocatesNextToNothing(string hex)
    {
        byte[] body = [.. Bytes.Hex(hex), .. new byte[0x10_0000]];
        AssertAllocates(ConstantBytes, () => Assert.Equal(ErrorCode.Malformed, ClientSide.Read(body)));
    }

    private static void AssertServerSurvives(byte[] body)
    {
        using var first = new Receiver();
        using var padded = new Receiver(padded: true);
        AssertAllocates((BytesPerByte * body.Length) + ConstantBytes, () => first.ReceiveFirst(body));
        AssertAllocates((BytesPerByte * body.Length) + ConstantBytes, () => first.Receive(body));
        AssertAllocates((BytesPerByte * body.Length) + ConstantBytes, () => padded.Receive(body));
    }

    private static void AssertAllocates(long most, Action action)
    {
        long allocated = AllocationAssert.Measure(action);
        if (allocated > most)
        {
            // Once more: the first call of a method may load types and rent arrays.
            allocated = Math.Min(allocated, AllocationAssert.Measure(action));
        }

        Assert.InRange(allocated, 0, most);
    }

    private static Gen<byte[]> Mutated(byte[][] bodies)
    {
        Gen<byte> value = Gen.OneOf(Gen.Byte, Gen.OneOf<byte>(0, 0xc0, 0xc1, 0xcf, 0xdf, 0xff));
        return Gen.OneOf(bodies)
            .Select(Gen.Select(Gen.Int[0, 3], Gen.Int[0, 10_000], value).Array[1, 6])
            .Select((body, mutations) => mutations.Aggregate(body, Mutate));
    }

    private static byte[] Mutate(byte[] body, (int Kind, int Place, byte Value) mutation)
    {
        int place = mutation.Place % (body.Length + 1);
        return mutation.Kind switch
        {
            0 => body[..place],
            1 => [.. body[..place], mutation.Value, .. body[place..]],
            2 => [.. body[..place], .. body[Math.Min(place + 1, body.Length)..]],
            _ => [.. body[..place], mutation.Value, .. body[Math.Min(place + 1, body.Length)..]],
        };
    }

    // Long bodies would only slow the search down.
    private static byte[][] Bodies(params string[] files) =>
        [.. files.SelectMany(VectorFile.Load).Select(static (JsonElement vector) => vector.Body()).Where(body => body.Length < 1000)];
}
