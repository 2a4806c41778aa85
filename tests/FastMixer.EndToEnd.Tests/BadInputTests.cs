using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Server.Diagnostics;

namespace FastMixer.EndToEnd.Tests;

/// <summary>What peers send that is wrong ends in a protocol error, and never reaches the others.</summary>
public sealed class BadInputTests
{
    private const byte RequestPath = 8;
    private const byte RequestHeaders = 4;

    public static TheoryData<string, byte[], ErrorCode> Fatal => new()
    {
        { "an array cut short", [0x93, 3], ErrorCode.Malformed },
        { "no array", [0x01], ErrorCode.Malformed },
        { "no MessagePack", [0xc1, 0xc1], ErrorCode.Malformed },
        { "a map cut short", [0x93, 3, 2, 0x85, RequestPath], ErrorCode.Malformed },
        { "bytes left over", [0x93, 3, 2, 0x80, 0x00], ErrorCode.Malformed },
        { "attributes that are no map", [0x93, 3, 2, 0xa1, 0x61], ErrorCode.Malformed },
        { "an id that is no number", [0x93, 3, 0xa1, 0x61, 0x80], ErrorCode.Malformed },
        { "an array that claims four billion", [0x93, 5, 2, 0xdd, 0xff, 0xff, 0xff, 0xff], ErrorCode.Malformed },
        { "nesting", [0x94, 3, 2, 0x80, .. Enumerable.Repeat((byte)0x91, 5000), 0x90], ErrorCode.Malformed },
        { "an unknown kind", [0x92, 99, 2], ErrorCode.UnknownKind },
        { "a server's message", [0x92, 4, 2], ErrorCode.UnknownKind },
        { "a second hello", RawClient.Hello()[4..], ErrorCode.UnexpectedHello },
    };

    public static TheoryData<string, byte[], ErrorCode> OfOneRequest => new()
    {
        { "a number for a path", [0x93, 3, 2, 0x81, RequestPath, 5], ErrorCode.WrongType },
        { "text for headers", [0x93, 3, 2, 0x81, RequestHeaders, 0xa1, 0x61], ErrorCode.WrongType },
        { "an attribute twice", [0x93, 3, 2, 0x82, RequestPath, 0xa1, 0x61, RequestPath, 0xa1, 0x62], ErrorCode.DuplicateAttribute },
        { "a key twice", [0x93, 3, 2, 0x81, RequestHeaders, 0x82, 0xa1, 0x61, 0xa0, 0xa1, 0x61, 0xa0], ErrorCode.DuplicateAttribute },
        { "bytes that are no UTF-8", [0x93, 3, 2, 0x81, RequestPath, 0xa2, 0xff, 0xfe], ErrorCode.InvalidUtf8 },
        { "word 0", [0x93, 3, 2, 0x81, 0x00, 0xa1, 0x61], ErrorCode.UnknownWord },
        { "a word beyond the list", [0x93, 3, 2, 0x81, 0xcd, 0xff, 0xff, 0xa1, 0x61], ErrorCode.UnknownWord },
        { "too many attributes", [0x93, 3, 2, 0xde, 0x01, 0x01, .. Enumerable.Repeat((byte)0xa0, 514)], ErrorCode.LimitExceeded },
        { "a wrong type in a report", [0x93, 5, 2, 0x91, 0x81, RequestPath, 5], ErrorCode.WrongType },
    };

    [Theory]
    [MemberData(nameof(Fatal))]
    public async Task FatalError_IsToldAndEndsTheConnection_AndOthersGoOn(string what, byte[] body, ErrorCode expected)
    {
        await using TestServer server = TestServer.Start();
        using var other = new RawClient(server.Address(Transport.Tcp));
        other.Greet();
        using var client = new RawClient(server.Address(Transport.Tcp));
        client.Greet().Send(RawClient.Frame(body));

        Answer answer = client.Read();

        Assert.True(answer.Code == expected, $"{what}: {answer}");
        Assert.NotEmpty(answer.Text);
        client.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        Assert.True(client.IsClosed());
        AssertStillServes(other);
        Assert.Equal(1, server.Server.Counters.Errors(expected));
    }

    [Theory]
    [MemberData(nameof(OfOneRequest))]
    public async Task RequestError_IsToldByTheRequestsId_AndTheConnectionGoesOn(string what, byte[] body, ErrorCode expected)
    {
        await using TestServer server = TestServer.Start();
        using var client = new RawClient(server.Address(Transport.Tcp));
        client.Greet().Send(RawClient.Frame(body));

        Answer answer = client.Read();

        Assert.True(answer is { Id: 2 } && answer.Code == expected, $"{what}: {answer}");
        AssertStillServes(client);
    }

    [Fact]
    public async Task FrameOfLengthZero_OrBeyondTheLimit_IsFatal()
    {
        await using TestServer server = TestServer.Start();
        foreach ((byte[] prefix, ErrorCode expected) in new (byte[], ErrorCode)[]
        {
            ([0, 0, 0, 0], ErrorCode.Malformed), ([0, 0x10, 0, 1], ErrorCode.FrameTooLarge), ([0xff, 0xff, 0xff, 0xff], ErrorCode.FrameTooLarge),
        })
        {
            using var client = new RawClient(server.Address(Transport.Tcp));
            client.Greet().Send(prefix);

            Assert.Equal(expected, client.Read().Code);
            client.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            Assert.True(client.IsClosed());
        }
    }

    [Fact]
    public async Task FirstFrameThatIsNoHello_AndAnUnknownVersion_AreFatal()
    {
        await using TestServer server = TestServer.Start();
        using var early = new RawClient(server.Address(Transport.Tcp));
        early.Send(RawClient.Check(1, "/books"));
        using var modern = new RawClient(server.Address(Transport.Tcp));
        modern.Send(RawClient.Hello(maxVersion: 9));

        Assert.Equal(ErrorCode.UnexpectedHello, early.Read().Code);
        Answer answer = modern.Read();
        Assert.Equal(ErrorCode.UnsupportedVersion, answer.Code);
        Assert.Contains("version 1", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TruncatedFrame_ThenClose_IsACountedEnd()
    {
        await using TestServer server = TestServer.Start();
        using (var client = new RawClient(server.Address(Transport.Tcp)))
        {
            client.Greet().Send(RawClient.Check(2, "/books").AsSpan(0, 9));
            client.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            Assert.True(client.IsClosed());
        }

        await Eventually.TrueAsync(() => server.Server.Counters.Closed(CloseReason.ClosedByClient) == 1);
    }

    [Fact]
    public async Task FramesInAnyPieces_AreAnsweredAsOne()
    {
        await using TestServer server = TestServer.Start();
        using var client = new RawClient(server.Address(Transport.Tcp));
        client.Greet();
        foreach (byte one in RawClient.Check(2, "/admin"))
        {
            client.Send([one]);
        }

        Assert.Equal(2u, client.Read().Id);

        client.Send([.. Enumerable.Range(3, 50).SelectMany(id => RawClient.Check((uint)id, "/books"))]);

        Assert.Equal(Enumerable.Range(3, 50).Select(id => (uint)id), Enumerable.Range(0, 50).Select(_ => client.Read().Id));
    }

    private static void AssertStillServes(RawClient client)
    {
        client.Send(RawClient.Check(77, "/books"));
        Answer answer = client.Read();
        Assert.Equal((MessageKind.Verdict, 77u), (answer.Kind, answer.Id));
    }
}
