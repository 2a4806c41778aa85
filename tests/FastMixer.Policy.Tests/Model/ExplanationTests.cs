using CsCheck;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Language.Explanation;
using FastMixer.Policy.Language.Syntax;
using FastMixer.Policy.Tests.Support;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Tests.Model;

/// <summary>What people are shown of an expression is what becomes of it in a policy.</summary>
public sealed class ExplanationTests
{
    private const int Samples = 5_000;

    [Fact]
    public void Print_OfAnyExpression_IsAnExpressionThatComesToTheSame() => Gen.Select(Generators.Any, Generators.Worlds).Sample(
        (expression, world) =>
        {
            string printed = ExpressionPrinter.Print(Parser.Parse(expression.Text));
            AttributeBag bag = world.ToAttributes().ToBag();
            (Evaluated written, Evaluated again) = (Evaluated.Of(expression.Text, bag), Evaluated.Of(printed, bag));
            bool isSame = written.Text.StartsWith("no expression", StringComparison.Ordinal)
                ? again.Text.StartsWith("no expression", StringComparison.Ordinal)
                : written.Text == again.Text && written.References.SequenceEqual(again.References);
            return isSame && ExpressionPrinter.Print(Parser.Parse(printed)) == printed;
        },
        iter: Samples,
        print: pair => $"{pair.Item1}\n printed: {ExpressionPrinter.Print(Parser.Parse(pair.Item1.Text))}");

    [Fact]
    public void Trace_OfAnyExpression_EndsAsItsEvaluation_AndFailsAtAPartThatFails() => Gen.Select(Generators.Any, Generators.Worlds).Sample(
        (expression, world) =>
        {
            if (!ExpressionProbe.TryCompile(expression.Text, World.Vocabulary, out ExpressionProbe? probe, out _))
            {
                return true;
            }

            AttributeBag bag = world.ToAttributes().ToBag();
            TraceNode trace = probe.Trace(bag);
            ProbeResult result = probe.Evaluate(bag);
            return trace.Value?.ToString() == result.Value?.ToString()
                && trace.Error == result.Error
                && trace.IsFailed == (result.Value is null)
                && (!trace.IsFailed || trace.Cause is { IsFailed: true, Error: not null } cause && cause.Error == result.Error);
        },
        iter: Samples);

    [Theory]
    [InlineData("source.name == \"x\" || source.user == \"y\"", "error: value(value value) error(absent skipped)")]
    [InlineData("conditional(source.name == \"web\", source.uid, source.user)", "value: value(value value) value skipped")]
    [InlineData("conditional(source.user == \"web\", 1, 2)", "error: error(absent skipped) skipped skipped")]
    [InlineData("has(source.user) && has(source.labels[\"a\"])", "value: value(absent) skipped")]
    [InlineData("request.headers[source.uid] | \"d\"", "value: absent(value value) value")]
    [InlineData("source.name in [\"web\", source.user]", "value: value value")]
    public void Trace_ShowsWhatWasEvaluatedOfEachPart(string text, string expected)
    {
        Assert.True(ExpressionProbe.TryCompile(text, Vocabulary.Standard, out ExpressionProbe? probe, out _));
        TraceNode trace = probe.Trace(new Attributes().Set("source.name", "web").Set("source.uid", "u").Map("request.headers", ("a", "1")).ToBag());

        Assert.Equal(expected, $"{Name(trace)}: {string.Join(' ', trace.Parts.Select(Show))}");
    }

    [Theory]
    [InlineData("a\n\t\r\u0001\u007f\"\\é😀")]
    [InlineData("")]
    public void Print_OfAText_EscapesWhatIsNotShown(string text) => Assert.Equal(
        text, ((Literal)Parser.Parse(ExpressionPrinter.Print(new Literal(0, AttributeType.String, text, 0)))).Text);

    private static string Show(TraceNode node) => node.Parts.Count == 0 ? Name(node) : $"{Name(node)}({string.Join(' ', node.Parts.Select(Name))})";

    private static string Name(TraceNode node) => node.Outcome switch { Outcome.Value => "value", Outcome.Absent => "absent", Outcome.Error => "error", _ => "skipped" };
}
