using System.Buffers.Binary;
using FastMixer.Client.Connections;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Tests;

/// <summary>What a client makes of a verdict's directive.</summary>
public sealed class DirectiveTests : ClientTest
{
    // [4, id, 0, "", 0, 0, [], [], …
    private static readonly byte[] BehindId = [0, 0xa0, 0, 0, 0x90, 0x90];

    public static TheoryData<string, byte[]> Malformed => new()
    {
        { "no control characters", [0x94, 0, 0xa0, 0x91, 0x93, 0, 0xa1, 0x78, 0xa4, 0x61, 13, 10, 0x62, 0x90] },
        { "a token", [0x94, 0, 0xa0, 0x90, 0x91, 0x92, 1, 0xa2, 0x78, 0x3a] },
        { "one of a denial", [0x94, 0xcd, 1, 0x2e, 0xa0, 0x90, 0x90] },
        { "claims more elements", [0x94, 0, 0xa0, 0xdd, 0x7f, 0xff, 0xff, 0xff] },
    };

    [Fact(Timeout = Guard)]
    public async Task Directive_IsTheVerdicts()
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);

        Verdict verdict = await CheckAsync(client, server, [0x94, 0, 0xa0, 0x91, 0x92, 1, 0xa1, 0x78, 0x91, 0x93, 2, 0xa1, 0x79, 0xa1, 0x7a]);

        Assert.True(verdict.IsAllowed);
        Assert.Equal([new HeaderOperation(HeaderOperationKind.Remove, "x", "")], verdict.Directive.RequestHeaders);
        Assert.Equal([new HeaderOperation(HeaderOperationKind.Append, "y", "z")], verdict.Directive.ResponseHeaders);
        Assert.Null(verdict.Directive.Response);
    }

    [Theory(Timeout = Guard)]
    [MemberData(nameof(Malformed))]
    public async Task MalformedDirective_ClosesTheConnection_AndIsCounted(string reason, byte[] directive)
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);

        MixerUnavailableException problem = await Assert.ThrowsAsync<MixerUnavailableException>(() => CheckAsync(client, server, directive));

        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
        Assert.Equal(1, client.Statistics.MalformedAnswers);
    }

    private static async Task<Verdict> CheckAsync(MixerConnection client, FakeServer server, byte[] directive)
    {
        using var attributes = new AttributeWriter();
        Task<Verdict> check = client.CheckAsync(attributes, CancellationToken.None).AsTask();
        FakeConnection connection = await server.WelcomeAsync();
        FakeMessage message = await connection.ReadAsync();
        var id = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(id, message.Id);
        byte[] body = [0x99, (byte)MessageKind.Verdict, 0xce, .. id, .. BehindId, .. directive];
        await connection.SendAsync([0, 0, 0, (byte)body.Length, .. body]);
        return await check;
    }
}
