using FastMixer.Policy.Tests.Support;

namespace FastMixer.Policy.Tests.Language;

/// <summary>Literals, operators and their precedence.</summary>
public sealed class OperatorTests
{
    [Theory]
    [InlineData("123", "123")]
    [InlineData("010", "10")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("1.5", "1.5")]
    [InlineData("1e3", "1000.0")]
    [InlineData("-2.5e-1", "-0.25")]
    [InlineData("\"x\"", "\"x\"")]
    [InlineData("'x'", "\"x\"")]
    [InlineData("`a\\n`", "\"a\\\\n\"")]
    [InlineData(@"""\x41\u00e9\U0001F600\101\t\""""", "\"Aé😀A\\t\\\"\"")]
    [InlineData("\"5m\"", "5m0s")]
    [InlineData("\"-1.5h\"", "-1h30m0s")]
    [InlineData("\"0\"", "0s")]
    [InlineData("\"5 m\"", "\"5 m\"")]
    [InlineData("true", "true")]
    [InlineData("FALSE", "false")]
    public void Literal_OfEachForm_HasItsValue(string expression, string expected) => Assert.Equal(expected, Evaluated.Of(expression).Text);

    [Theory]
    [InlineData("1 + 2 * 3", "7")]
    [InlineData("(1 + 2) * 3", "9")]
    [InlineData("10 - 4 - 3", "3")]
    [InlineData("7 / 2", "3")]
    [InlineData("-7 % 3", "-1")]
    [InlineData("7 % -1", "0")]
    [InlineData("1.5 + 2.0", "3.5")]
    [InlineData("1.0 / 0.0", "Infinity")]
    [InlineData("\"a\" + \"b\" + \"c\"", "\"abc\"")]
    [InlineData("\"1h\" + \"30m\"", "1h30m0s")]
    [InlineData("\"1h\" - \"30m\"", "30m0s")]
    [InlineData("timestamp(\"2024-01-01T00:00:00Z\") + \"1h\"", "2024-01-01T01:00:00Z")]
    [InlineData("timestamp(\"2024-01-01T00:00:00Z\") - timestamp(\"2023-12-31T00:00:00Z\")", "24h0m0s")]
    [InlineData("-(1 + 2)", "-3")]
    [InlineData("--3", "3")]
    public void Arithmetic_OfConstants_IsCalculated(string expression, string expected) => Assert.Equal(expected, Evaluated.Of(expression).Text);

    [Theory]
    [InlineData("1 == 1", "true")]
    [InlineData("1 != 1", "false")]
    [InlineData("1 < 2 && 2 <= 2 && 3 > 2 && 3 >= 3", "true")]
    [InlineData("1.5 < 2.0", "true")]
    [InlineData("\"a\" < \"b\"", "true")]
    [InlineData("\"B\" < \"a\"", "true")]
    [InlineData("\"5m\" == \"300s\"", "true")]
    [InlineData("\"5m\" < \"1h\"", "true")]
    [InlineData("true == true", "true")]
    [InlineData("true != false", "true")]
    [InlineData("ip(\"1.2.3.4\") == ip(\"::ffff:1.2.3.4\")", "true")]
    [InlineData("ip(\"1.2.3.4\") == ip(\"1.2.3.5\")", "false")]
    [InlineData("timestamp(\"2024-01-01T00:00:00Z\") == timestamp(\"2024-01-01T01:00:00+01:00\")", "true")]
    [InlineData("timestamp(\"2024-01-01T00:00:00Z\") < timestamp(\"2024-01-01T00:00:00.000000001Z\")", "true")]
    [InlineData("dnsName(\"Example.COM.\") == dnsName(\"example.com\")", "true")]
    [InlineData("dnsName(\"bücher.example\") == dnsName(\"xn--bcher-kva.EXAMPLE\")", "true")]
    [InlineData("dnsName(\"BÜCHER.example\") == dnsName(\"bücher。example\")", "true")]
    [InlineData("dnsName(\"ドメイン名例.jp\") == dnsName(\"xn--eckwd4c7cu47r2wf.jp\")", "true")]
    [InlineData("dnsName(\"a.example\") == dnsName(\"b.example\")", "false")]
    [InlineData("email(\"Joe@Example.com\") == email(\"Joe@example.COM\")", "true")]
    [InlineData("email(\"Joe@example.com\") == email(\"joe@example.com\")", "false")]
    [InlineData("uri(\"HTTP://Example.com/Path\") == uri(\"http://example.COM/Path\")", "true")]
    [InlineData("uri(\"http://example.com/Path\") == uri(\"http://example.com/path\")", "false")]
    [InlineData("uri(\"http://example.com:80/\") == uri(\"http://example.com/\")", "false")]
    [InlineData("uri(\"http://Bob@example.com/\") == uri(\"http://bob@example.com/\")", "false")]
    [InlineData("uri(\"http://x\") == uri(\"http:\")", "false")]
    [InlineData("uri(\"http://[::1]:80/a\") == uri(\"http://[::1]:80/a\")", "true")]
    [InlineData("uri(\"urn:a\") == uri(\"URN:a\")", "true")]
    [InlineData("uri(\"urn:a\") == uri(\"urn:A\")", "false")]
    [InlineData("\"b\" in [\"a\", \"b\"]", "true")]
    [InlineData("3 in [1, 2]", "false")]
    [InlineData("ip(\"::ffff:1.2.3.4\") in [ip(\"1.2.3.4\")]", "true")]
    public void Comparison_OfEachType_FollowsTheType(string expression, string expected) => Assert.Equal(expected, Evaluated.Of(expression).Text);

    [Theory]
    [InlineData("true || false && false", "true")]
    [InlineData("!true || true", "true")]
    [InlineData("!(true || true)", "false")]
    [InlineData("1 + 1 == 2 && 2 == 1 + 1", "true")]
    [InlineData("source.name | \"d\" == \"x\"", "false")]
    [InlineData("\"x\" == source.name | \"x\"", "true")]
    [InlineData("source.name | \"d\" + \"z\"", "\"dz\"")]
    [InlineData("1 == 2 == false", "true")]
    public void Precedence_OfMixedOperators_IsThatOfTheTable(string expression, string expected) =>
        Assert.Equal(expected, Evaluated.Of(expression).Text);

    [Fact]
    public void PipeAndPlus_OnOneLevel_AssociateToTheLeft() =>
        Assert.Equal("error: lookup failed: 'source.user'", Evaluated.Of("source.name | source.user + \"z\"").Text);

    [Theory]
    [InlineData("request.size + 1", "error: the result is out of the range of 64 bits")]
    [InlineData("request.size * 2", "error: the result is out of the range of 64 bits")]
    [InlineData("-request.size - 2", "error: the result is out of the range of 64 bits")]
    [InlineData("request.size / (request.total_size - request.total_size)", "error: division by zero")]
    [InlineData("request.size % (request.total_size - request.total_size)", "error: division by zero")]
    [InlineData("(-request.size - 1) / -request.total_size", "error: the result is out of the range of 64 bits")]
    [InlineData("-(-request.size - 1)", "error: the result is out of the range of 64 bits")]
    [InlineData("(-request.size - 1) % -request.total_size", "0")]
    public void Arithmetic_BeyondItsRange_IsAnError(string expression, string expected)
    {
        Attributes attributes = new Attributes().Set("request.size", long.MaxValue).Set("request.total_size", 1);
        Assert.Equal(expected, Evaluated.Of(expression, attributes.ToBag()).Text);
    }

    [Theory]
    [InlineData("true || source.name == \"x\"", "true")]
    [InlineData("false && source.name == \"x\"", "false")]
    [InlineData("source.name == \"x\" || true", "error: lookup failed: 'source.name'")]
    [InlineData("source.name == \"x\" && false", "error: lookup failed: 'source.name'")]
    public void Logic_WithAMissingOperand_StopsWhereItIsDecided(string expression, string expected) =>
        Assert.Equal(expected, Evaluated.Of(expression).Text);

    [Theory]
    [InlineData("||")]
    [InlineData("&&")]
    public void Logic_OfAThousandOperands_IsEvaluated(string sign)
    {
        string operand = sign == "||" ? "source.name == \"b\"" : "source.name == \"a\"";
        string expression = string.Join($" {sign} ", Enumerable.Repeat(operand, 700));
        Assert.Equal(sign == "||" ? "false" : "true", Evaluated.Of(expression, new Attributes().Set("source.name", "a").ToBag()).Text);
    }

    [Fact]
    public void Pipe_OfManyOperands_TakesTheFirstThatIsPresent()
    {
        string expression = string.Join(" | ", Enumerable.Repeat("source.name", 1000)) + " | \"last\"";
        Assert.Equal("\"last\"", Evaluated.Of(expression).Text);
    }

    [Fact]
    public void In_OfManyItems_IsEvaluated()
    {
        string expression = $"source.name in [{string.Join(", ", Enumerable.Range(0, 1500).Select(i => $"\"n{i}\""))}]";
        Assert.Equal("true", Evaluated.Of(expression, new Attributes().Set("source.name", "n1499").ToBag()).Text);
    }
}
