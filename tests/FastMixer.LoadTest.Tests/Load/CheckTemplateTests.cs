using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Wire;
using MessagePack;

namespace FastMixer.LoadTest.Tests.Load;

public sealed class CheckTemplateTests
{
    private const string Attributes = """{"request.path": "/a", "request.method": "GET"}""";

    [Fact]
    public void Write_TwoKeys_DifferInTheDigitsOnly()
    {
        var check = new CheckTemplate(Attributes, varied: true, framed: true);
        var one = Written(check, id: 7, key: 1);
        var other = Written(check, id: 7, key: 12_345_678);

        Assert.Contains("/a/00000001", System.Text.Encoding.UTF8.GetString(one), StringComparison.Ordinal);
        Assert.Contains("/a/12345678", System.Text.Encoding.UTF8.GetString(other), StringComparison.Ordinal);
        Assert.InRange(one.Zip(other).Count(static pair => pair.First != pair.Second), 1, KeyDigits.Length);
    }

    [Fact]
    public void Write_NotVaried_LeavesThePath()
    {
        var check = new CheckTemplate(Attributes, varied: false, framed: true);
        Assert.Equal(Written(check, 7, key: 1), Written(check, 7, key: 2));
    }

    [Fact]
    public void Write_WithPatience_SaysItInWholeMilliseconds()
    {
        var check = new CheckTemplate(Attributes, varied: true, framed: true, TimeSpan.FromMicroseconds(2500));
        var reader = new MessagePackReader(Written(check, 0x8000_0001, key: 1).AsMemory(MessageFrame.PrefixBytes));

        Assert.Equal(6, reader.ReadArrayHeader());
        Assert.Equal(3, reader.ReadInt32());
        Assert.Equal(0x8000_0001u, reader.ReadUInt32());
        reader.Skip();
        Assert.Equal(0, reader.ReadArrayHeader());
        Assert.Equal("", reader.ReadString());
        Assert.Equal(3u, reader.ReadUInt32());
        Assert.True(reader.End);
    }

    [Fact]
    public void New_VariedWithoutAPath_SaysWhatIsMissing()
    {
        var failure = Assert.Throws<LoadTestException>(() => new CheckTemplate("""{"request.method": "GET"}""", varied: true, framed: true));
        Assert.Contains("request.path", failure.Message, StringComparison.Ordinal);
    }

    private static byte[] Written(CheckTemplate check, uint id, uint key)
    {
        var bytes = new byte[check.Length];
        check.Write(bytes, id, key);
        return bytes;
    }
}
