using System.Text;
using FastMixer.Cli.Attributes;
using FastMixer.Cli.Tests.Support;

namespace FastMixer.Cli.Tests.Attributes;

public sealed class AttributeFileTests
{
    [Fact]
    public void Parse_Object_HasTheTypesOfTheVocabulary()
    {
        Dictionary<string, string> sent = Encoded.Read(Assert.Single(Parse(
            """
            {"source.ip": "10.0.0.1", "request.headers": {"cookie": "user=x"}, "request.size": 9007199254740993,
             "response.duration": "20ms", "request.time": "2015-01-02T15:04:35Z", "connection.mtls": true, "request.path": "/ü"}
            """)));
        Assert.Equal("10.0.0.1", sent["source.ip"]);
        Assert.Equal("cookie=user=x", sent["request.headers"]);
        Assert.Equal("9007199254740993", sent["request.size"]);
        Assert.Equal("20000000", sent["response.duration"]);
        Assert.Equal("1420211075000000000", sent["request.time"]);
        Assert.Equal("true", sent["connection.mtls"]);
        Assert.Equal("/ü", sent["request.path"]);
    }

    [Fact]
    public void Parse_Null_IsNotInherited() =>
        Assert.Same(AbsentValue.Instance, Assert.Single(Parse("""{"request.path": null}""")).Values["request.path"]);

    [Fact]
    public void Parse_Array_IsARecordForEachObject() => Assert.Equal(2, Parse("""[{"response.code": 200}, {"response.code": 404}]""").Count);

    [Fact]
    public void Parse_UnknownNames_TakeTheTypeOfTheirJson()
    {
        var findings = new Findings();
        AttributeSet set = Assert.Single(Parse("""{"x.i": 1, "x.d": 1.5, "x.b": false, "x.m": {}, "x.s": "1", "x.t:INT64": 2}""", findings));
        Assert.Equal(new Int64Value(1), set.Values["x.i"]);
        Assert.Equal(new DoubleValue(1.5), set.Values["x.d"]);
        Assert.Equal(new BoolValue(false), set.Values["x.b"]);
        Assert.IsType<MapValue>(set.Values["x.m"]);
        Assert.Equal(new TextValue("1"), set.Values["x.s"]);
        Assert.Equal(new Int64Value(2), set.Values["x.t"]);
        Assert.Equal(5, findings.Warnings.Count);
    }

    [Theory]
    [InlineData("""{"request.size": "abc"}""", "f.json: request.size is an INT64; expected an integer, found \"abc\"")]
    [InlineData("""{"request.size": 1.5}""", "f.json: request.size is an INT64; expected an integer, found 1.5")]
    [InlineData("""{"request.size": 9223372036854775808}""", "expected an integer from -9223372036854775808 to 9223372036854775807")]
    [InlineData("""{"request.path": 1}""", "f.json: request.path is a STRING; expected a string, found 1")]
    [InlineData("""{"request.path": ["a"]}""", "expected a string, found an array")]
    [InlineData("""{"connection.mtls": "true"}""", "connection.mtls is a BOOL; expected true or false, found \"true\"")]
    [InlineData("""{"source.ip": "x"}""", "expected a string with an IP address such as 10.0.0.1 or 2001:db8::1, found \"x\"")]
    [InlineData("""{"response.duration": 20}""", "expected a string with a duration such as 20ms, 1.5s or 1h2m3s, found 20")]
    [InlineData("""{"request.headers": {"a": 1}}""", "request.headers is a STRING_MAP; expected an object of strings")]
    [InlineData("""[{}, {"request.size": true}]""", "f.json: record 2: request.size is an INT64; expected an integer, found true")]
    public void Parse_WrongValue_NamesFileAttributeExpectedAndFound(string json, string problem)
    {
        var findings = new Findings();
        Parse(json, findings);
        Assert.Contains(problem, Assert.Single(findings.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SeveralWrongValues_TellsThemAll()
    {
        var findings = new Findings();
        Parse("""{"request.size": "a", "request.path": 1}""", findings);
        Assert.Equal(2, Assert.Throws<InputException>(findings.ThrowIfProblems).Message.Split('\n').Length);
    }

    [Theory]
    [InlineData("{\n  \"a\" 1}", "f.json:2:7: not JSON")]
    [InlineData("", "f.json:1:1: not JSON")]
    [InlineData("7", "f.json: expected an object such as {\"request.method\": \"GET\"}, found 7")]
    [InlineData("[1]", "f.json: record 1: expected an object")]
    [InlineData("""{"request.path": "a", "request.path": "b"}""", "not JSON")]
    [InlineData("""{"request.path": "\ud800"}""", "f.json: a string is not Unicode")]
    public void Parse_NoAttributeFile_SaysWhere(string json, string problem) =>
        Assert.Contains(problem, Assert.Throws<InputException>(() => Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_MissingFile_NamesIt() => Assert.StartsWith(
        "/no/such.json: the attribute file cannot be read",
        Assert.Throws<InputException>(() => AttributeFile.Read("/no/such.json", new Findings())).Message,
        StringComparison.Ordinal);

    private static IReadOnlyList<AttributeSet> Parse(string json, Findings? findings = null) =>
        AttributeFile.Parse("f.json", Encoding.UTF8.GetBytes(json), findings ?? new Findings());
}
