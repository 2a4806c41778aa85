using FastMixer.Cli.Attributes;
using FastMixer.Cli.Replay;
using FastMixer.Cli.Tests.Support;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Cli.Tests.Replay;

public sealed class SidecarAttributesTests
{
    [Fact]
    public void WriteCheck_CombinedLine_IsWhatASidecarKnowsBeforeTheAnswer()
    {
        var expected = new Dictionary<string, string>
        {
            ["source.ip"] = "10.0.0.1",
            ["context.protocol"] = "http",
            ["request.scheme"] = "http",
            ["request.method"] = "GET",
            ["request.path"] = "/a?b=c",
            ["request.url_path"] = "/a",
            ["request.query_params"] = "b=c",
            ["request.headers"] = "referer=http://from/;user-agent=Mozilla/5.0",
            ["request.useragent"] = "Mozilla/5.0",
            ["request.referer"] = "http://from/",
            ["request.auth.principal"] = "frank",
            ["request.time"] = "1431849903000000000",
        };
        Assert.Equal(expected.OrderBy(pair => pair.Key), Check(Lines.Good).OrderBy(pair => pair.Key));
    }

    [Fact]
    public void WriteCheck_HostName_IsTheSourcesName()
    {
        Dictionary<string, string> sent = Check(Lines.Get("http://shop/x", "crawler.example.com"));
        Assert.Equal("crawler.example.com", sent["source.name"]);
        Assert.Equal("shop", sent["request.host"]);
        Assert.Equal("host=shop", sent["request.headers"]);
        Assert.False(sent.ContainsKey("source.ip"));
        Assert.False(sent.ContainsKey("request.query_params"));
    }

    [Theory]
    [InlineData("a=1&b=%C3%BC+x&c&=d&a=2&", "a=1;b=ü x;c=")]
    [InlineData("%zz=%", "%zz=%")]
    public void WriteCheck_Query_IsDecodedAndTheFirstValueCounts(string query, string expected) =>
        Assert.Equal(expected, Check(Lines.Get("/?" + query))["request.query_params"]);

    [Fact]
    public void WriteReport_Line_AddsTheResponse()
    {
        using var writer = new AttributeWriter();
        new SidecarAttributes(new AttributeSet(), inherited: true).WriteReport(Lines.Parse(Lines.Good), writer);
        Dictionary<string, string> sent = Encoded.Read(writer);
        Assert.Equal("200", sent["response.code"]);
        Assert.Equal("512", sent["response.size"]);
        Assert.False(Check(Lines.Good).ContainsKey("response.code"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WriteCheck_OperatorsOwn_ReplaceTheLogs(bool inherited)
    {
        var own = new AttributeSet();
        AttributeParser.Apply(
            ["request.method=PUT", "destination.service.name=shop", "request.headers[cookie]=c", "request.headers[referer]=r"],
            own,
            new Findings());
        own.Set("request.referer", AbsentValue.Instance);
        Dictionary<string, string> sent = Check(Lines.Good, own, inherited);
        Assert.Equal("cookie=c;referer=r;user-agent=Mozilla/5.0", sent["request.headers"]);
        Assert.False(sent.ContainsKey("request.referer"));
        Assert.Equal(inherited ? null : "PUT", sent.GetValueOrDefault("request.method"));
        Assert.Equal(inherited ? null : "shop", sent.GetValueOrDefault("destination.service.name"));
    }

    private static Dictionary<string, string> Check(string line, AttributeSet? own = null, bool inherited = true)
    {
        using var writer = new AttributeWriter();
        new SidecarAttributes(own ?? new AttributeSet(), inherited).WriteCheck(Lines.Parse(line), writer);
        return Encoded.Read(writer);
    }
}
