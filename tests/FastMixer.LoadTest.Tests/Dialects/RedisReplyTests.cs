using System.Text;
using CsCheck;
using FastMixer.LoadTest.Dialects;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Tests.Dialects;

public sealed class RedisReplyTests
{
    private static readonly Gen<string> Reply = Gen.OneOf(
        Gen.Const("+OK\r\n"),
        Gen.Const("-ERR wrong\r\n"),
        Gen.Const("$-1\r\n"),
        Gen.Const(":42\r\n"),
        Gen.Int[0, 40].Select(static length => $"${length}\r\n{new string('v', length)}\r\n"));

    [Theory]
    [InlineData("+PONG\r\n")]
    [InlineData("-ERR unknown command\r\n")]
    [InlineData("$-1\r\n")]
    [InlineData("$0\r\n\r\n")]
    [InlineData("$5\r\na\r\nbc\r\n")]
    public void TryFind_EveryPrefix_WaitsForTheWhole(string reply)
    {
        var bytes = Encoding.ASCII.GetBytes(reply);
        for (var received = 0; received <= bytes.Length; received++)
        {
            Assert.True(RedisReply.TryFind(bytes.AsSpan(0, received), out var length));
            Assert.Equal(received == bytes.Length ? bytes.Length : 0, length);
        }
    }

    [Fact]
    public void TryFind_RepliesInARow_TakesOneAfterTheOther() => Reply.Array[1, 10].Sample(replies =>
    {
        var rest = Encoding.ASCII.GetBytes(string.Concat(replies)).AsSpan();
        foreach (var reply in replies)
        {
            Assert.True(RedisReply.TryFind(rest, out var length));
            Assert.Equal(reply, Encoding.ASCII.GetString(rest[..length]));
            rest = rest[length..];
        }
    });

    [Theory]
    [InlineData("HTTP/1.1 400\r\n")]
    [InlineData("$x\r\n")]
    [InlineData("$-2\r\n")]
    [InlineData("$99999999999\r\n")]
    [InlineData("\0\0\0\u0005")]
    public void TryFind_NoReply_IsRefused(string bytes) => Assert.False(RedisReply.TryFind(Encoding.ASCII.GetBytes(bytes), out _));

    [Fact]
    public void TryFind_ALineWithoutEnd_IsRefused() => Assert.False(RedisReply.TryFind(Encoding.ASCII.GetBytes("+" + new string('x', 10_000)), out _));

    [Theory]
    [InlineData("$1\r\nv\r\n", (int)MessageKind.Verdict, 0u)]
    [InlineData("$-1\r\n", (int)MessageKind.Verdict, 5u)]
    [InlineData("-ERR\r\n", (int)MessageKind.Error, 0u)]
    public void TryReadHead_EachKind_IsTold(string reply, int kind, uint status)
    {
        Assert.True(RedisDialect.Instance.TryReadHead(Encoding.ASCII.GetBytes(reply), out var head));
        Assert.Equal(((MessageKind)kind, status), (head.Kind, head.Status));
    }
}
