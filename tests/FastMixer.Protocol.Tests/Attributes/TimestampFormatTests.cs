using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Tests.Support;

namespace FastMixer.Protocol.Tests.Attributes;

public sealed class TimestampFormatTests
{
    [Theory]
    [InlineData(0L, "00000000")]
    [InlineData(1L, "0000000400000000")]
    [InlineData(999_999_999L, "ee6b27fc00000000")]
    [InlineData(4_294_967_295_000_000_000L, "ffffffff")]
    [InlineData(4_294_967_296_000_000_000L, "0000000100000000")]
    [InlineData(-1L, "3b9ac9ffffffffffffffffff")]
    [InlineData(-1_000_000_000L, "00000000ffffffffffffffff")]
    [InlineData(long.MaxValue, "cbcb5ffe25c17d04")]
    [InlineData(long.MinValue, "08a7f200fffffffdda3e82fb")]
    public void Encode_Moment_IsTheShortestAndReadsBack(long nanoseconds, string hex)
    {
        var payload = new byte[TimestampFormat.MaxPayloadBytes];
        int length = TimestampFormat.Encode(nanoseconds, payload);
        Assert.True(TimestampFormat.TryDecode(payload.AsSpan(0, length), out long decoded));
        Assert.Equal(nanoseconds, decoded);
        Assert.Equal(hex, Convert.ToHexStringLower(payload, 0, length));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0000000000")]
    [InlineData("00000000000000000000000000")]
    [InlineData("ee6b2800 00000000")]
    [InlineData("cbcb6002 25c17d04")]
    [InlineData("08a7f1ff fffffffdda3e82fb")]
    [InlineData("00000000 8000000000000000")]
    [InlineData("3b9ac9ff 7fffffffffffffff")]
    [InlineData("3b9aca00 0000000000000000")]
    public void TryDecode_OutOfRange_IsRefused(string hex)
    {
        Assert.False(TimestampFormat.TryDecode(Bytes.Hex(hex), out long nanoseconds));
        Assert.Equal(0, nanoseconds);
    }
}
