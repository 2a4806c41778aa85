using System.Text;
using FastMixer.LoadTest.Dialects;

namespace FastMixer.LoadTest.Tests.Dialects;

public sealed class RedisGetTests
{
    [Fact]
    public void OfRequestBytes_AnyLength_IsThatOrTheNearestBelow()
    {
        for (var bytes = 33; bytes <= 2000; bytes++)
        {
            var length = RedisGet.OfRequestBytes(bytes).Length;
            Assert.InRange(length, bytes - 2, bytes);
        }
    }

    [Fact]
    public void OfRequestBytes_TooShort_IsTheShortestThereIs() => Assert.Equal(9, RedisGet.OfRequestBytes(1).KeyBytes);

    [Theory]
    [InlineData(42)]
    [InlineData(107)]
    [InlineData(1011)]
    public void ValueBytesOfReply_AnyLength_IsThatOrTheNearestBelow(int bytes)
    {
        var value = RedisGet.ValueBytesOfReply(bytes);
        Assert.InRange($"${value}\r\n{new string('v', value)}\r\n".Length, bytes - 2, bytes);
    }

    [Fact]
    public void Write_AKey_IsAWholeCommand()
    {
        var gets = new RedisGet(12);
        var bytes = new byte[gets.Length];
        gets.Write(bytes, id: 99, key: 1234);

        Assert.Equal("*2\r\n$3\r\nGET\r\n$12\r\nkkkk00001234\r\n", Encoding.ASCII.GetString(bytes));
    }

    [Fact]
    public void SetRequest_AKey_StoresUnderTheKeyThatIsAskedFor() =>
        Assert.Equal("*3\r\n$3\r\nSET\r\n$12\r\nkkkk00001234\r\n$3\r\nvvv\r\n", Encoding.ASCII.GetString(new RedisGet(12).SetRequest(1234, valueBytes: 3)));
}
