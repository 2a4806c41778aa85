using System.IO.Compression;
using System.Text;
using FastMixer.Cli.Replay;

namespace FastMixer.Cli.Tests.Replay;

public sealed class AccessLogReaderTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a", new[] { "a" })]
    [InlineData("a\n", new[] { "a" })]
    [InlineData("a\r\n\nb\rc\n", new[] { "a", "", "b\rc" })]
    public async Task ReadLinesAsync_Text_IsCutAtLineFeedsOnly(string text, string[] expected) =>
        Assert.Equal(expected, (await ReadAsync(Encoding.UTF8.GetBytes(text))).Select(line => line.Text));

    [Fact]
    public async Task ReadLinesAsync_Gzip_IsUnpackedByItsFirstBytes()
    {
        string text = string.Concat(Enumerable.Range(1, 5000).Select(number => $"line {number}\n"));
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        List<LogLine> lines = await ReadAsync(packed.ToArray());
        Assert.Equal(5000, lines.Count);
        Assert.Equal(new LogLine(5000, "line 5000"), lines[^1]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3_000_000)]
    public async Task ReadLinesAsync_TooLongLine_IsMarkedAndTheNextOneIsFound(int beyond)
    {
        string text = "first\n" + new string('x', AccessLogReader.MaxLineBytes + beyond) + "\nlast";
        List<LogLine> lines = await ReadAsync(Encoding.UTF8.GetBytes(text));
        Assert.Equal([1, 2, 3], lines.Select(line => line.Number));
        Assert.Equal([false, true, false], lines.Select(line => line.IsTooLong));
        Assert.Equal("last", lines[2].Text);
    }

    [Fact]
    public async Task ReadLinesAsync_LongestLine_IsNotTooLong()
    {
        string line = new('x', AccessLogReader.MaxLineBytes);
        Assert.Equal(new LogLine(1, line), Assert.Single(await ReadAsync(Encoding.UTF8.GetBytes(line + "\n"))));
    }

    [Fact]
    public async Task ReadLinesAsync_BrokenGzip_NamesTheLog()
    {
        byte[] broken = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff];
        Assert.Contains(
            "log: the log cannot be read on", (await Assert.ThrowsAsync<InputException>(() => ReadAsync(broken))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_MissingFile_NamesIt() => Assert.StartsWith(
        "/no/such.log: the log cannot be opened", Assert.Throws<InputException>(() => AccessLogReader.Open("/no/such.log")).Message, StringComparison.Ordinal);

    private static async Task<List<LogLine>> ReadAsync(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return await new AccessLogReader(stream, "log").ReadLinesAsync(TestContext.Current.CancellationToken).ToListAsync();
    }
}
