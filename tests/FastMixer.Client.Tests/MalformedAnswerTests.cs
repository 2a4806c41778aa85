using System.Text;
using FastMixer.Client.Connections;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Tests;

public sealed class MalformedAnswerTests : ClientTest
{
    public static TheoryData<string, byte[]> MalformedAnswers => new()
    {
        { "no array", [0, 0, 0, 1, 0x2a] },
        { "cut short", [0, 0, 0, 2, 0x93, 4] },
        { "empty frame", [0, 0, 0, 0] },
        { "huge frame", [0xff, 0xff, 0xff, 0xff] },
        { "one above the limit", [1, 0, 0, 1] },
        { "unknown kind", [0, 0, 0, 3, 0x92, 99, 1] },
        { "a client's kind", [0, 0, 0, 3, 0x92, 3, 1] },
        { "bytes left over", [0, 0, 0, 4, 0x92, 8, 5, 1] },
        { "claims more than there is", [0, 0, 0, 13, 0x98, 4, 5, 0, 0xa0, 0, 0, 0xdd, 0x7f, 0xff, 0xff, 0xff, 0x90] },
        { "text is not UTF-8", [0, 0, 0, 9, 0x98, 4, 5, 0, 0xa1, 0xff, 0, 0, 0x90] },
        { "second welcome", Answers.Welcome(1) },
        { "garbage", [0, 0, 0, 40, .. Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request padded to forty")] },
    };

    [Theory(Timeout = Guard)]
    [MemberData(nameof(MalformedAnswers))]
    public async Task MalformedAnswer_ClosesTheConnection_AndIsCounted(string sort, byte[] bytes)
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);
        ValueTask<TimeSpan> ping = client.PingAsync();
        FakeConnection connection = await server.WelcomeAsync();
        await connection.ReadAsync();
        await connection.SendAsync(bytes);
        MixerUnavailableException problem = await Assert.ThrowsAsync<MixerUnavailableException>(async () => await ping);
        Assert.Contains("broke the protocol", problem.Message, StringComparison.Ordinal);
        Assert.Equal((sort, 1), (sort, client.Statistics.MalformedAnswers));
        Assert.Equal(0, await connection.ReadToEndAsync());
    }

    [Fact(Timeout = Guard)]
    public async Task AnswerOfAnotherKind_IsMalformed()
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);
        ValueTask<TimeSpan> ping = client.PingAsync();
        FakeConnection connection = await server.WelcomeAsync();
        await connection.SendAsync(Answers.Verdict((await connection.ReadAsync()).Id));
        MixerUnavailableException problem = await Assert.ThrowsAsync<MixerUnavailableException>(async () => await ping);
        Assert.Contains("another kind", problem.Message, StringComparison.Ordinal);
        Assert.Equal(1, client.Statistics.MalformedAnswers);
    }

    [Fact(Timeout = Guard)]
    public async Task WelcomeOfAnotherVersion_IsMalformed()
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);
        Task<Welcome> connecting = client.ConnectAsync().AsTask();
        FakeConnection connection = await server.AcceptAsync();
        await connection.SendAsync(Answers.Welcome((await connection.ReadAsync()).Id, version: 2));
        MixerUnavailableException problem = await Assert.ThrowsAsync<MixerUnavailableException>(() => connecting);
        Assert.Contains("version 2", problem.Message, StringComparison.Ordinal);
    }
}
