using FastMixer.Policy.Tests.Support;

namespace FastMixer.Policy.Tests.Language;

/// <summary>What is no expression, where, and what is said of it.</summary>
public sealed class ProblemTests
{
    [Theory]
    [InlineData("", 1, "Expected a value, found the end of the expression.")]
    [InlineData("1 +", 4, "Expected a value, found the end of the expression.")]
    [InlineData("(1", 3, "Expected ')', found the end of the expression.")]
    [InlineData("1 2", 3, "Expected an operator or the end of the expression, found '2'.")]
    [InlineData("\"abc", 1, "The string that begins here has no closing \".")]
    [InlineData("\"a\\q\"", 3, "'\\q' is no escape: expected one of \\a \\b \\f \\n \\r \\t \\v \\\\ \\\" \\' \\OOO \\xHH \\uHHHH \\UHHHHHHHH.")]
    [InlineData("\"\\ud800\"", 2, "Expected 4 hexadecimal digits of a Unicode character after this escape.")]
    [InlineData("\"\\19\"", 2, "Expected 3 octal digits after this escape.")]
    [InlineData("0x10", 1, "'0x' is no number: expected decimal digits. A duration is written as a string, \"5m\".")]
    [InlineData("9223372036854775808", 1, "9223372036854775808 is out of the range of INT64.")]
    [InlineData("1e999", 1, "1e999 is out of the range of DOUBLE.")]
    [InlineData("a = b", 3, "'=' has no meaning here. Did you mean '=='?")]
    [InlineData("true & false", 6, "'&' has no meaning here. Did you mean '&&'?")]
    [InlineData("source.nmespace == \"x\"", 1, "Unknown attribute \"source.nmespace\". Did you mean \"source.namespace\"?")]
    [InlineData("true && sorce.name == \"x\"", 9, "Unknown attribute \"sorce.name\". Did you mean \"source.name\"?")]
    [InlineData("nothing.like.it | \"x\"", 1, "Unknown attribute \"nothing.like.it\".")]
    [InlineData("1 == 1.0", 6, "Both sides of '==' must have the same type: expected INT64, found DOUBLE.")]
    [InlineData("source.name == (\"0\" + \"0\")", 21, "Both sides of '==' must have the same type: expected STRING, found DURATION. A string that reads as a duration, such as \"5m\" or \"0\", is a DURATION unless it stands beside a STRING.")]
    [InlineData("1e + 1", 1, "'1e' is no number: expected digits of the exponent.")]
    [InlineData("source.name | 1", 15, "Both sides of '|' must have the same type: expected STRING, found INT64.")]
    [InlineData("source.name in [\"a\", 1]", 22, "Both sides of 'in' must have the same type: expected STRING, found INT64.")]
    [InlineData("source.name in []", 16, "'in' needs a list of at least one value on its right, such as [\"a\", \"b\"].")]
    [InlineData("[1]", 1, "A list may stand only on the right of 'in'.")]
    [InlineData("1 && true", 1, "The left side of '&&': expected BOOL, found INT64.")]
    [InlineData("true || 1", 9, "The right side of '||': expected BOOL, found INT64.")]
    [InlineData("!1", 2, "The operand of '!': expected BOOL, found INT64.")]
    [InlineData("-\"a\"", 1, "'-' needs an INT64, DOUBLE or DURATION, found STRING.")]
    [InlineData("true < false", 6, "BOOL values cannot be compared with '<'.")]
    [InlineData("source.ip < destination.ip", 11, "IP_ADDRESS values cannot be compared with '<'.")]
    [InlineData("request.headers == response.headers", 17, "STRING_MAP values cannot be compared with '=='.")]
    [InlineData("true + true", 6, "'+' does not take BOOL and BOOL.")]
    [InlineData("\"a\" + 1", 5, "'+' does not take STRING and INT64.")]
    [InlineData("1.0 % 2.0", 5, "'%' does not take DOUBLE and DOUBLE.")]
    [InlineData("source.name[\"x\"]", 1, "Only a STRING_MAP has keys: expected STRING_MAP, found STRING.")]
    [InlineData("request.headers[1]", 17, "A key of a STRING_MAP: expected STRING, found INT64.")]
    [InlineData("match(source.name)", 1, "match() is called as match(STRING, STRING); found 1 values.")]
    [InlineData("match(source.name, \"a\", \"b\")", 1, "match() is called as match(STRING, STRING); found 3 values.")]
    [InlineData("toLower(source.name, 1)", 1, "toLower() is called as toLower(STRING); found 2 values.")]
    [InlineData("toLower(1)", 9, "toLower(STRING): value 1: expected STRING, found INT64.")]
    [InlineData("source.name.toLower()", 13, "toLower() is called as toLower(STRING); found 1 values.")]
    [InlineData("startsWith(source.name, \"a\")", 1, "startsWith() is called as STRING.startsWith(STRING); found 2 values.")]
    [InlineData("tolowr(source.name)", 1, "Unknown function \"tolowr\". Did you mean \"toLower\"?")]
    [InlineData("conditional(true, 1)", 1, "conditional() needs three arguments: a BOOL and two values of the same type.")]
    [InlineData("conditional(true, 1, \"a\")", 22, "The third argument of conditional(): expected INT64, found STRING.")]
    [InlineData("conditionalString(true, 1, 2)", 25, "The second argument of conditionalString(): expected STRING, found INT64.")]
    [InlineData("has(\"x\")", 1, "has() needs one attribute, or one key of a map, such as has(request.headers[\"cookie\"]).")]
    [InlineData("matches(\"a\", \"b\")", 1, "matches() is called as \"regular expression\".matches(subject).")]
    [InlineData("source.name.", 13, "Expected the name of a method and its arguments after '.', found the end of the expression.")]
    [InlineData("1 / 0", 3, "division by zero.")]
    [InlineData("9223372036854775807 + 1", 21, "the result is out of the range of 64 bits.")]
    [InlineData("ip(\"x\")", 1, "ip(): the text is no IP address.")]
    public void Compile_OfWhatIsNoExpression_SaysWhereAndWhy(string expression, int column, string message) =>
        Assert.Equal($"no expression, column {column}: {message}", Evaluated.Of(expression).Text);

    [Theory]
    [InlineData("\"(\".matches(source.name)", "no expression, column 1: No regular expression: ")]
    [InlineData("`(a)\\1`.matches(source.name)", "no expression, column 1: No regular expression: ")]
    [InlineData("`(?=a)b`.matches(source.name)", "no expression, column 1: No regular expression: ")]
    [InlineData("`^[[:alpha:]]+$`.matches(source.name)", "no expression, column 1: No regular expression: '[:alpha:]' is not known here; write the characters out")]
    [InlineData("`((a{999}){999}){999}`.matches(source.name)", "no expression, column 1: No regular expression: with its repetitions written out")]
    public void Compile_OfABadPattern_IsAProblem(string expression, string start) => Assert.StartsWith(start, Evaluated.Of(expression).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("(", ")", "true")]
    [InlineData("!", "", "true")]
    [InlineData("-(", ")", "1")]
    [InlineData("toLower(", ")", "\"a\"")]
    [InlineData("request.headers[", "]", "\"a\"")]
    [InlineData("\"a\" + (", ")", "\"a\"")]
    public void Compile_OfDeepNesting_IsAProblem(string open, string close, string inner)
    {
        const int Times = 900;
        string expression = string.Concat(Enumerable.Repeat(open, Times)) + inner + string.Concat(Enumerable.Repeat(close, Times));
        Assert.Contains("nests deeper than 100 levels", Evaluated.Of(expression).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(" + ")]
    [InlineData(" == ")]
    public void Compile_OfALongChain_IsAProblem(string sign) =>
        Assert.Contains("nests deeper", Evaluated.Of(string.Join(sign, Enumerable.Repeat("source.name", 1000))).Text, StringComparison.Ordinal);

    [Fact]
    public void Compile_OfALongText_IsAProblemAboveTheLimit()
    {
        const int Limit = 16 * 1024;
        string atLimit = "source.name == \"" + new string('x', Limit - 17) + "\"";
        Assert.Equal(Limit, atLimit.Length);
        Assert.Equal("error: lookup failed: 'source.name'", Evaluated.Of(atLimit).Text);
        Assert.Equal(
            "no expression, column 1: The expression has 16385 characters; at most 16384 are allowed.", Evaluated.Of(atLimit + " ").Text);
    }
}
