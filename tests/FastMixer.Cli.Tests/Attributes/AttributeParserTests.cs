using FastMixer.Cli.Attributes;
using FastMixer.Cli.Tests.Support;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Cli.Tests.Attributes;

public sealed class AttributeParserTests
{
    [Theory]
    [InlineData("request.method=GET", "request.method", "GET")]
    [InlineData("request.path=", "request.path", "")]
    [InlineData("request.path=/a?b=c[d]=e", "request.path", "/a?b=c[d]=e")]
    [InlineData("request.size=-12", "request.size", "-12")]
    [InlineData("request.size=9223372036854775807", "request.size", "9223372036854775807")]
    [InlineData("request.size:INT64=7", "request.size", "7")]
    [InlineData("connection.mtls=true", "connection.mtls", "true")]
    [InlineData("connection.mtls=false", "connection.mtls", "false")]
    [InlineData("request.time=1970-01-01T00:00:01.000000002Z", "request.time", "1000000002")]
    [InlineData("response.duration=20ms", "response.duration", "20000000")]
    [InlineData("source.ip=10.0.0.1", "source.ip", "10.0.0.1")]
    [InlineData("source.ip=2001:db8::1", "source.ip", "2001:db8::1")]
    [InlineData("""request.headers={"cookie":"user=x","accept":"*/*"}""", "request.headers", "accept=*/*;cookie=user=x")]
    [InlineData("request.headers[cookie]=user=x", "request.headers", "cookie=user=x")]
    [InlineData("request.headers[a=b]=c", "request.headers", "a=b=c")]
    public void Apply_GoodAssignment_IsSentWithItsType(string assignment, string name, string expected)
    {
        (AttributeSet attributes, Findings findings) = Apply(assignment);
        Assert.Empty(findings.Problems);
        Assert.Empty(findings.Warnings);
        Assert.Equal(expected, Encoded.Read(attributes)[name]);
    }

    [Theory]
    [InlineData("request.size=abc", "-a request.size=abc: request.size is an INT64; expected an integer, found 'abc'")]
    [InlineData("request.size=1.5", "expected an integer, found '1.5'")]
    [InlineData("request.size= 1", "expected an integer, found ' 1'")]
    [InlineData("request.size=9223372036854775808", "expected an integer from -9223372036854775808 to 9223372036854775807")]
    [InlineData("connection.mtls=yes", "connection.mtls is a BOOL; expected true or false, found 'yes'")]
    [InlineData("request.time=2015-01-02", "request.time is a TIMESTAMP; expected an RFC 3339 time")]
    [InlineData("response.duration=20", "response.duration is a DURATION; expected a duration such as 20ms")]
    [InlineData("source.ip=10.0.0", "source.ip is an IP_ADDRESS; expected an IP address such as 10.0.0.1")]
    [InlineData("source.ip=010.0.0.1", "found '010.0.0.1'")]
    [InlineData("source.ip=[::1]:80", "found '[::1]:80'")]
    [InlineData("source.ip=fe80::1%2", "found 'fe80::1%2'")]
    [InlineData("request.headers=cookie", "request.headers is a STRING_MAP; expected a JSON object of strings")]
    [InlineData("""request.headers={"a":1}""", "expected a JSON object of strings")]
    [InlineData("request.method[x]=GET", "request.method is no STRING_MAP but STRING; expected request.method=VALUE")]
    [InlineData("request.method", "expected NAME=VALUE, such as request.method=GET")]
    [InlineData("=GET", "expected NAME=VALUE")]
    [InlineData("[x]=GET", "expected NAME=VALUE")]
    [InlineData("request.headers[cookie=x", "NAME[KEY]=VALUE")]
    [InlineData("my.amount:INTEGER=1", "'INTEGER' is no type; expected one of STRING, INT64")]
    [InlineData("request.size:STRING=1", "request.size is declared as INT64, not STRING")]
    [InlineData("my.flag:BYTES=?", "my.flag is BYTES; expected base64 such as AQID, found '?'")]
    [InlineData("my.share:DOUBLE=half", "my.share is a DOUBLE; expected a number such as 0.25")]
    public void Apply_BadAssignment_SaysWhatIsWrongAndWhatWouldBeRight(string assignment, string problem)
    {
        (AttributeSet attributes, Findings findings) = Apply(assignment);
        Assert.Contains(problem, Assert.Single(findings.Problems), StringComparison.Ordinal);
        Assert.Equal(0, attributes.Count);
    }

    [Fact]
    public void Apply_TypesThatOnlyAPolicyDeclares_AreTakenAtTheirWord()
    {
        (AttributeSet attributes, Findings findings) = Apply(
            "my.share:DOUBLE=-Infinity", "my.raw:BYTES=AQID", "my.mail:EMAIL_ADDRESS=a@b", "my.map:STRING_MAP[k]=v");
        Assert.Empty(findings.Warnings);
        Assert.Equal(new DoubleValue(double.NegativeInfinity), attributes.Values["my.share"]);
        Assert.Equal([1, 2, 3], Assert.IsType<BytesValue>(attributes.Values["my.raw"]).Content);
        Assert.Equal(new TextValue("a@b"), attributes.Values["my.mail"]);
        Assert.Equal("v", Assert.IsType<MapValue>(attributes.Values["my.map"]).Entries["k"]);
    }

    [Fact]
    public void Apply_UnknownName_IsSentAsTextWithAWarning()
    {
        (AttributeSet attributes, Findings findings) = Apply("request.pth=/x", "quite.unlike.anything=1");
        Assert.Equal(new TextValue("/x"), attributes.Values["request.pth"]);
        Assert.Equal(
            "request.pth is not in the vocabulary; it is taken as STRING. Did you mean \"request.path\"?", findings.Warnings[0]);
        Assert.EndsWith("Write quite.unlike.anything:TYPE if the server's policy declares it.", findings.Warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_LaterAssignment_Wins()
    {
        (AttributeSet attributes, _) = Apply(
            "request.size=1", "request.size=2", "request.headers[a]=1", "request.headers[b]=2", "request.headers[a]=3");
        Dictionary<string, string> sent = Encoded.Read(attributes);
        Assert.Equal("2", sent["request.size"]);
        Assert.Equal("a=3;b=2", sent["request.headers"]);
    }

    [Fact]
    public void TryParse_AnyTextOfAnyType_NeverThrows() => CsCheck.Check.Sample(
        CsCheck.Gen.Select(CsCheck.Gen.Int[1, 12], CsCheck.Gen.String),
        (type, text) =>
        {
            _ = AttributeText.TryParse((AttributeType)type, text, out _, out string expected);
            Assert.NotNull(expected);
        });

    private static (AttributeSet Attributes, Findings Findings) Apply(params string[] assignments)
    {
        var attributes = new AttributeSet();
        var findings = new Findings();
        AttributeParser.Apply(assignments, attributes, findings);
        return (attributes, findings);
    }
}
