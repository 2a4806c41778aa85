using FastMixer.Policy.Tests.Support;

namespace FastMixer.Policy.Tests.Language;

/// <summary>Functions and conversions.</summary>
public sealed class FunctionTests
{
    [Theory]
    [InlineData("match(\"abc\", \"ab*\")", "true")]
    [InlineData("match(\"abc\", \"*bc\")", "true")]
    [InlineData("match(\"abc\", \"abc\")", "true")]
    [InlineData("match(\"abc\", \"ab\")", "false")]
    [InlineData("match(\"*xyz\", \"*x*\")", "true")]
    [InlineData("match(\"axb\", \"*x*\")", "false")]
    [InlineData("match(\"anything\", \"*\")", "true")]
    [InlineData("\"^ab+$\".matches(\"abbb\")", "true")]
    [InlineData("\"b\".matches(\"abc\")", "true")]
    [InlineData("\"^b\".matches(\"abc\")", "false")]
    [InlineData("\"^é.$\".matches(\"éü\")", "true")]
    [InlineData("\"abc\".startsWith(\"ab\")", "true")]
    [InlineData("\"abc\".endsWith(\"ab\")", "false")]
    [InlineData("toLower(\"ÀBC\")", "\"àbc\"")]
    [InlineData("toLower(\"ȺX\")", "\"ⱥx\"")]
    [InlineData("size(\"é\")", "2")]
    [InlineData("reverse(\"aé😀\")", "\"😀éa\"")]
    [InlineData("\"ab\".reverse()", "\"ba\"")]
    [InlineData("conditional(1 < 2, \"a\", \"b\")", "\"a\"")]
    [InlineData("conditional(false, 1, 2)", "2")]
    [InlineData("conditional(false, source.name, \"b\")", "\"b\"")]
    [InlineData("conditionalString(true, \"a\", \"b\")", "\"a\"")]
    [InlineData("conditionalString(true, \"a\", source.name)", "error: lookup failed: 'source.name'")]
    [InlineData("emptyStringMap()[\"k\"]", "\"\"")]
    [InlineData("emptyStringMap()[\"k\"] | \"d\"", "\"d\"")]
    [InlineData("has(source.name)", "false")]
    [InlineData("has(request.headers[\"a\"])", "false")]
    [InlineData("ip(\"192.0.2.1\")", "192.0.2.1")]
    [InlineData("ip(\"2001:DB8::1\")", "2001:db8::1")]
    [InlineData("ip(\"::\")", "::")]
    [InlineData("ip(\"1:2:3:4:5:6:7:8\")", "1:2:3:4:5:6:7:8")]
    [InlineData("ip(\"::ffff:1.2.3.4\")", "::ffff:1.2.3.4")]
    [InlineData("timestamp(\"2015-01-02T15:04:35.123456789Z\")", "2015-01-02T15:04:35.123456789Z")]
    [InlineData("timestamp(\"2015-01-02t15:04:35.5-01:30\")", "2015-01-02T16:34:35.5Z")]
    [InlineData("timestamp(\"1960-01-01T00:00:00.25Z\")", "1960-01-01T00:00:00.25Z")]
    [InlineData("dnsName(\"a-b.example.\")", "\"a-b.example.\"")]
    [InlineData("email(\"a.b+c@example.com\")", "\"a.b+c@example.com\"")]
    [InlineData("uri(\"/relative?q=%20\")", "\"/relative?q=%20\"")]
    public void Function_OfEachKind_HasItsValue(string expression, string expected) => Assert.Equal(expected, Evaluated.Of(expression).Text);

    [Theory]
    [InlineData("ip(source.name)", "1.2.3", "ip(): the text is no IP address")]
    [InlineData("ip(source.name)", "1.2.3.256", "ip(): the text is no IP address")]
    [InlineData("ip(source.name)", "01.2.3.4", "ip(): the text is no IP address")]
    [InlineData("ip(source.name)", "1.2.3.4.5", "ip(): the text is no IP address")]
    [InlineData("ip(source.name)", "", "ip(): the text is no IP address")]
    [InlineData("ip(source.name)", "1::2::3", "ip(): the text is no IP address")]
    [InlineData("ip(source.name)", "1:2:3:4:5:6:7", "ip(): the text is no IP address")]
    [InlineData("ip(source.name)", "1:2:3:4:5:6:7:8:9", "ip(): the text is no IP address")]
    [InlineData("ip(source.name)", "1:2:3:4:5:6:7:", "ip(): the text is no IP address")]
    [InlineData("ip(source.name)", ":1:2:3:4:5:6:7", "ip(): the text is no IP address")]
    [InlineData("ip(source.name)", "fe80::1%eth0", "ip(): the text is no IP address")]
    [InlineData("ip(source.name)", "12345::", "ip(): the text is no IP address")]
    [InlineData("timestamp(source.name)", "2015-02-30T00:00:00Z", "timestamp(): the text is no RFC 3339 timestamp")]
    [InlineData("timestamp(source.name)", "2015-01-02 15:04:35Z", "timestamp(): the text is no RFC 3339 timestamp")]
    [InlineData("timestamp(source.name)", "2015-01-02T15:04:35", "timestamp(): the text is no RFC 3339 timestamp")]
    [InlineData("timestamp(source.name)", "2015-01-02T15:04:35.Z", "timestamp(): the text is no RFC 3339 timestamp")]
    [InlineData("timestamp(source.name)", "2015-01-02T24:04:35Z", "timestamp(): the text is no RFC 3339 timestamp")]
    [InlineData("timestamp(source.name)", "0000-01-01T00:00:00Z", "timestamp(): the text is no RFC 3339 timestamp")]
    [InlineData("timestamp(source.name)", "9999-01-01T00:00:00Z", "timestamp(): the text is no RFC 3339 timestamp")]
    [InlineData("timestamp(source.name)", "2015-01-02T15:04:35Zx", "timestamp(): the text is no RFC 3339 timestamp")]
    [InlineData("dnsName(source.name)", "-a.example", "dnsName(): the text is no DNS name")]
    [InlineData("dnsName(source.name)", "a..example", "dnsName(): the text is no DNS name")]
    [InlineData("dnsName(source.name)", "", "dnsName(): the text is no DNS name")]
    [InlineData("dnsName(source.name)", "a b", "dnsName(): the text is no DNS name")]
    [InlineData("email(source.name)", "example.com", "email(): the text is no e-mail address")]
    [InlineData("email(source.name)", "Joe <joe@example.com>", "email(): the text is no e-mail address")]
    [InlineData("email(source.name)", "joe@-", "email(): the text is no e-mail address")]
    [InlineData("uri(source.name)", "", "uri(): the text is no URI")]
    [InlineData("uri(source.name)", "http://a b", "uri(): the text is no URI")]
    [InlineData("uri(source.name)", "%zz", "uri(): the text is no URI")]
    [InlineData("uri(source.name)", "1:x", "uri(): the text is no URI")]
    [InlineData("source.name.matches(\"a\")", "(", "matches(): the text is no regular expression, or one that cannot be matched in linear time")]
    [InlineData("source.name.matches(\"a\")", "((a{999}){999}){999}", "matches(): the text is no regular expression, or one that cannot be matched in linear time")]
    public void Conversion_OfOtherText_IsAnError(string expression, string text, string expected) =>
        Assert.Equal("error: " + expected, Evaluated.Of(expression, new Attributes().Set("source.name", text).ToBag()).Text);

    [Fact]
    public void Matches_WithThePatternOfAUuid_Compiles() =>
        Assert.Equal("true", Evaluated.Of(
            "`^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$`.matches(\"123e4567-e89b-12d3-a456-426614174000\")").Text);

    [Fact]
    public void Matches_WithAPatternOfTheRequest_FollowsTheRequest()
    {
        const string Expression = "source.name.matches(\"abc\")";
        Assert.Equal("true", Evaluated.Of(Expression, new Attributes().Set("source.name", "^a").ToBag()).Text);
        Assert.Equal("false", Evaluated.Of(Expression, new Attributes().Set("source.name", "^b").ToBag()).Text);
    }

    [Fact]
    public void Matches_OfALongSubject_IsFound()
    {
        string subject = new string('é', 5000) + "needle";
        Assert.Equal("true", Evaluated.Of("\"needle$\".matches(source.name)", new Attributes().Set("source.name", subject).ToBag()).Text);
    }
}
