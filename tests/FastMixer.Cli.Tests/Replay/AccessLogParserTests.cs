using System.Net;
using CsCheck;
using FastMixer.Cli.Replay;

namespace FastMixer.Cli.Tests.Replay;

public sealed class AccessLogParserTests
{
    private const string Head = "10.0.0.1 - - [17/May/2015:10:05:03 +0000] ";

    [Fact]
    public void TryParse_CombinedLine_HasAllFields()
    {
        AccessLogEntry entry = Lines.Parse(Lines.Good);
        Assert.Equal("10.0.0.1", entry.Source);
        Assert.Equal([10, 0, 0, 1], entry.SourceAddress);
        Assert.Equal("frank", entry.User);
        Assert.Equal(1_431_849_903_000_000_000, entry.Time);
        Assert.Equal(new RequestLine("GET", "http", null, "/a?b=c"), entry.Request);
        Assert.Equal("/a", entry.Request.UrlPath);
        Assert.Equal("b=c", entry.Request.Query);
        Assert.Equal(200, entry.Status);
        Assert.Equal(512, entry.Size);
        Assert.Equal("http://from/", entry.Referer);
        Assert.Equal("Mozilla/5.0", entry.UserAgent);
    }

    [Fact]
    public void TryParse_CommonFormat_IgnoresWhatFollows()
    {
        AccessLogEntry entry = Lines.Parse(Lines.Good, AccessLogFormat.Common);
        Assert.Null(entry.Referer);
        Assert.Null(entry.UserAgent);
    }

    [Theory]
    [InlineData("""200 - "-" "-" """, null, null)]
    [InlineData("200 -", null, null)]
    [InlineData("""- - "" "" """, "", "")]
    [InlineData("""200 5 "r" "u" "10.1.1.1" 0.003 x""", "r", "u")]
    [InlineData("""200 5 "r" "say \"hi\" \\" """, "r", "say \"hi\" \\")]
    [InlineData("""200 5 "r" "say "hi"!" """, "r", "say \"hi\"!")]
    [InlineData("""200 5 "r" "say "hi" to me" """, "r", "say \"hi")]
    [InlineData("""200 5 "r" "cut sho""", "r", "cut sho")]
    [InlineData("""200 5 "cut \""", "cut \\", null)]
    [InlineData("""200 5 "r" "it"s" """, "r", "it\"s")]
    [InlineData("""200 5 "r" "\xc3\xbc \x22 \q \xZZ" """, "r", "ü \" \\q \\xZZ")]
    [InlineData("""200 5 "r" "\xff" """, "r", "\ufffd")]
    [InlineData("200 5 \"r\" \"\x1b[31m\t\u00fc\"", "r", "\x1b[31m\t\u00fc")]
    public void TryParse_EndOfLine_TakesWhatIsThere(string end, string? referer, string? userAgent)
    {
        AccessLogEntry entry = Lines.Parse(Head + "\"GET / HTTP/1.1\" " + end);
        Assert.Equal(referer, entry.Referer);
        Assert.Equal(userAgent, entry.UserAgent);
    }

    [Theory]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("::ffff:10.0.0.1", "::ffff:10.0.0.1")]
    [InlineData("fe80::1%eth0", "fe80::1")]
    [InlineData("crawler.example.com", null)]
    [InlineData("-", null)]
    public void TryParse_Client_IsAnAddressOrAName(string client, string? address)
    {
        AccessLogEntry entry = Lines.Parse(Lines.Get("/", client));
        Assert.Equal(client, entry.Source);
        Assert.Equal(address, entry.SourceAddress is null ? null : new IPAddress(entry.SourceAddress).ToString());
    }

    [Theory]
    [InlineData("- -", null)]
    [InlineData("-", null)]
    [InlineData("- frank", "frank")]
    [InlineData("ident frank von hier", "frank von hier")]
    [InlineData("- \"\"", "")]
    public void TryParse_User_MayHoldSpacesOrBeMissing(string identAndUser, string? user) =>
        Assert.Equal(user, Lines.Parse($"10.0.0.1 {identAndUser} [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1").User);

    [Theory]
    [InlineData("", "the line is empty")]
    [InlineData("   ", "the line is empty")]
    [InlineData("10.0.0.1", "behind the user")]
    [InlineData("10.0.0.1 - - [17/May/2015", "the bracket of the time is never closed")]
    [InlineData("10.0.0.1 - - [17/Mai/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1", "'17/Mai/2015:10:05:03 +0000' is no time")]
    [InlineData("10.0.0.1 - - [31/Feb/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1", "is no time")]
    [InlineData("10.0.0.1 - - [17/May/2015:10:05:03 +2460] \"GET / HTTP/1.1\" 200 1", "is no time")]
    [InlineData("10.0.0.1 - - [17/May/9999:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1", "is no time")]
    [InlineData(Head + "GET / HTTP/1.1 200 1", "column 43: expected the request in quotes")]
    [InlineData(Head + "\"GET / HTTP/1.1 200 1", "column 43: the quote before the request is never closed")]
    [InlineData(Head + "\"-\" 408 -", "'-' is no HTTP request; expected METHOD TARGET PROTOCOL")]
    [InlineData(Head + "\"\" 400 0", "'' is no HTTP request")]
    [InlineData(Head + """ "\x16\x03\x01\x02 \x01" 400 226""", """'\x16\x03\x01\x02 \x01' is no HTTP request""")]
    [InlineData(Head + "\"GET \" 400 226", "is no HTTP request")]
    [InlineData(Head + "\"GET / HTTP/1.1\"", "the line ends before the status")]
    [InlineData(Head + "\"GET / HTTP/1.1\" OK 1", "'OK' is no status; expected a number such as 200, or -")]
    [InlineData(Head + "\"GET / HTTP/1.1\" 99999999999 1", "is no status")]
    [InlineData(Head + "\"GET / HTTP/1.1\" 200", "the line ends before the size")]
    [InlineData(Head + "\"GET / HTTP/1.1\" 200 -5", "'-5' is no size; expected a number of bytes, or -")]
    [InlineData(Head + "\"GET / HTTP/1.1\" 200 5 ref", "expected the referer in quotes")]
    public void TryParse_BrokenLine_SaysWhy(string line, string why)
    {
        Assert.False(Lines.TryParse(line, out string? found));
        Assert.Contains(why, found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1", "GET", "http", null, "/")]
    [InlineData("GET /", "GET", "http", null, "/")]
    [InlineData("GET /a b c HTTP/1.0", "GET", "http", null, "/a b c")]
    [InlineData("OPTIONS * HTTP/1.1", "OPTIONS", "http", null, "*")]
    [InlineData("CONNECT host:443 HTTP/1.1", "CONNECT", "http", "host:443", "")]
    [InlineData("GET http://host:8080/p?q HTTP/1.1", "GET", "http", "host:8080", "/p?q")]
    [InlineData("GET HTTPS://host HTTP/1.1", "GET", "https", "host", "/")]
    [InlineData("GET http://host?q=1 HTTP/1.1", "GET", "http", "host", "/?q=1")]
    public void TryParse_RequestLine_UnderstandsEachFormOfTarget(string line, string method, string scheme, string? host, string path)
    {
        Assert.True(RequestLine.TryParse(line, out RequestLine? request));
        Assert.Equal(new RequestLine(method, scheme, host, path), request);
    }

    [Fact]
    public void TryParse_TooLongLine_IsNotParsed()
    {
        Assert.False(AccessLogParser.TryParse(new LogLine(1, Lines.Good, IsTooLong: true), AccessLogFormat.Combined, out _, out string? why));
        Assert.Contains("longer than 131072 bytes", why, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_AnyLine_NeverThrows() => Gen.String.Sample(Parses);

    [Fact]
    public void TryParse_MangledLine_NeverThrows() =>
        Gen.Select(Gen.Int[0, Lines.Good.Length], Gen.Int[0, 20], Gen.String["\"\\ []-:/x09\u00ff"]).Sample((at, length, junk) =>
            Parses(Lines.Good[..at] + junk + Lines.Good[Math.Min(at + length, Lines.Good.Length)..]));

    private static void Parses(string line)
    {
        bool parsed = AccessLogParser.TryParse(
            new LogLine(1, line), AccessLogFormat.Combined, out AccessLogEntry? entry, out string? why);
        Assert.Equal(parsed, entry is not null);
        Assert.Equal(parsed, why is null);
    }
}
