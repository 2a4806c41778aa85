using System.Globalization;
using CsCheck;
using FastMixer.Policy.Tests.Support;

namespace FastMixer.Policy.Tests.Model;

/// <summary>The compiled form and the plain walk agree: on the value, on the error, and on every look-up.</summary>
public sealed class ModelTests
{
    [Fact]
    public void Compiled_OfAnyExpression_AgreesWithTheWalk() =>
        Gen.Select(Generators.Any, Generators.Worlds).Sample(
            (expression, world) =>
            {
                // Compiling works out constants, and refuses those that are errors, also where a walk would not get to them.
                Evaluated compiled = Evaluated.Of(expression.Text, world.ToAttributes().ToBag());
                bool isRefused = compiled.Text.StartsWith("no expression", StringComparison.Ordinal);
                return isRefused
                    ? compiled.Text.EndsWith("64 bits.", StringComparison.Ordinal) || compiled.Text.EndsWith("zero.", StringComparison.Ordinal)
                    : compiled.Text == Walk(expression, world) && compiled.References.SequenceEqual(world.Lookups);
            },
            iter: 20_000,
            print: pair => $"{pair.Item1}\n with {string.Join(", ", pair.Item2.Values)}\n walk: {Walk(pair.Item1, pair.Item2 with { })}"
                + $" {string.Join(", ", pair.Item2.Lookups)}\n compiled: {Show(Evaluated.Of(pair.Item1.Text, pair.Item2.ToAttributes().ToBag()))}");

    private static string Show(Evaluated evaluated) => $"{evaluated.Text} {string.Join(", ", evaluated.References)}";

    private static string Walk(Expr expression, World world)
    {
        try
        {
            return expression.Strict(world) switch
            {
                string text => Evaluated.Quote(text),
                bool flag => flag ? "true" : "false",
                object number => ((long)number).ToString(CultureInfo.InvariantCulture),
            };
        }
        catch (EvaluationFailed failed)
        {
            return "error: " + failed.Message;
        }
    }
}
