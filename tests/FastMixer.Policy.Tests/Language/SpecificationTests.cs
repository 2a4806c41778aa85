using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Tests.Support;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Tests.Language;

/// <summary>Every example of spec/language.md holds.</summary>
public sealed class SpecificationTests
{
    // So many were there when this was written: a reader that finds none, or a section that is lost, must not pass.
    private const int FewestExamples = 300;

    private static readonly string[] Operators = ["==", "!=", "<", "<=", ">", ">=", "&&", "||", "|", "+", "-", "*", "/", "%", "!", "in"];

    private static readonly IReadOnlyList<SpecificationExample> Examples =
        SpecificationExamples.Read(Path.Combine(AppContext.BaseDirectory, "spec", "language.md"));

    public static TheoryData<SpecificationExample> All => [.. Examples];

    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public void Example_OfTheSpecification_Holds(SpecificationExample example)
    {
        Evaluated evaluated = SpecificationExamples.Evaluate(example);
        string result = evaluated.Text.StartsWith("no expression, ", StringComparison.Ordinal) ? evaluated.Text["no expression, ".Length..]
            : evaluated.Text.StartsWith("error: ", StringComparison.Ordinal) ? evaluated.Text
            : $"{evaluated.Text} : {evaluated.Type.Name()}";
        Assert.Equal($"{example.Result} ← {example.References}", $"{result} ← {string.Join(", ", evaluated.References)}");
    }

    [Fact]
    public void Examples_AreThere() => Assert.True(Examples.Count >= FewestExamples, $"{Examples.Count} examples");

    [Fact]
    public void Examples_ShowEveryFunction() =>
        Assert.All(FunctionTable.Names, name => Assert.Contains(Examples, example => example.Expression.Contains(name + "(", StringComparison.Ordinal)));

    [Fact]
    public void Examples_ShowEveryOperator() =>
        Assert.All(Operators, sign => Assert.Contains(Examples, example => example.Expression.Split(' ', '(').Any(part => part == sign || (sign is "!" or "-" && part.StartsWith(sign[0])))));

    [Theory]
    [InlineData(" : STRING")]
    [InlineData(" : INT64")]
    [InlineData(" : DOUBLE")]
    [InlineData(" : BOOL")]
    [InlineData(" : TIMESTAMP")]
    [InlineData(" : IP_ADDRESS")]
    [InlineData(" : EMAIL_ADDRESS")]
    [InlineData(" : URI")]
    [InlineData(" : DNS_NAME")]
    [InlineData(" : DURATION")]
    [InlineData(" : STRING_MAP")]
    [InlineData(" : BYTES")]
    public void Examples_HaveValuesOfEveryType(string type) =>
        Assert.Contains(Examples, example => example.Result.EndsWith(type, StringComparison.Ordinal));

    [Theory]
    [InlineData("lookup failed")]
    [InlineData("ip(): ")]
    [InlineData("timestamp(): ")]
    [InlineData("dnsName(): ")]
    [InlineData("email(): ")]
    [InlineData("uri(): ")]
    [InlineData("matches(): ")]
    [InlineData("out of the range of 64 bits")]
    [InlineData("division by zero")]
    public void Examples_ShowEveryEvaluationError(string text) =>
        Assert.Contains(Examples, example => example.Result.StartsWith("error: " + text, StringComparison.Ordinal) || example.Result.StartsWith("error: the result is " + text, StringComparison.Ordinal));
}
