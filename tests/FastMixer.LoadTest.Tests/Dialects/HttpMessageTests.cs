using System.Text;
using FastMixer.LoadTest.Dialects;
using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest.Tests.Dialects;

public sealed class HttpMessageTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 204 No Content\r\nserver: x\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1A\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n")]
    [InlineData("POST /a HTTP/1.1\r\nHost: b\r\nContent-Length:  2 \r\n\r\n{}")]
    public void TryFind_EveryPrefix_WaitsForTheWhole(string message)
    {
        var bytes = Encoding.ASCII.GetBytes(message);
        for (var received = 0; received <= bytes.Length; received++)
        {
            Assert.True(HttpMessage.TryFind(bytes.AsSpan(0, received), out var length));
            Assert.Equal(received == bytes.Length ? bytes.Length : 0, length);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffff\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length: 9999999999\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length: 5x\r\n\r\n")]
    public void TryFind_ABodyOfNoKnownLength_IsRefused(string message) => Assert.False(HttpMessage.TryFind(Encoding.ASCII.GetBytes(message), out _));

    [Fact]
    public void TryFind_AHeadWithoutEnd_IsRefused() => Assert.False(HttpMessage.TryFind(new byte[20_000], out _));

    [Theory]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\n", 503)]
    [InlineData("HTTP/1.1 20", 0)]
    [InlineData("SSH-2.0\r\n", 0)]
    public void Status_OfAnAnswer_IsItsNumber(string answer, int status) => Assert.Equal(status, HttpMessage.Status(Encoding.ASCII.GetBytes(answer)));

    [Fact]
    public void Write_OfACall_IsAWholeRequestWithTheKey()
    {
        var call = new HttpCall(ServerAddress.Parse("tcp://127.0.0.1:9381"));
        var bytes = new byte[call.Length];
        call.Write(bytes, id: 1, key: 77);

        Assert.True(HttpMessage.TryFind(bytes, out var length));
        Assert.Equal(bytes.Length, length);
        Assert.EndsWith("{\"path\":\"/api/v1/products/00000077\"}", Encoding.ASCII.GetString(bytes), StringComparison.Ordinal);
    }
}
