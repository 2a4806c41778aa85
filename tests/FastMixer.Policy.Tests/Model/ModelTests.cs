using System.Text.RegularExpressions;
using CsCheck;
using FastMixer.Policy.Tests.Support;

namespace FastMixer.Policy.Tests.Model;

/// <summary>The compiled form and the plain walk agree: on the value, on the error, and on every look-up.</summary>
public sealed partial class ModelTests
{
    private const int Samples = 20_000;

    [Fact]
    public void Compiled_OfAnyExpression_AgreesWithTheWalk()
    {
        (int refused, int failed) = (0, 0);
        Gen.Select(Generators.Any, Generators.Worlds).Sample(
            (expression, world) =>
            {
                // Compiling works out constants, and refuses those that are errors, also where a walk would not get to them.
                Evaluated compiled = Evaluated.Of(expression.Text, world.ToAttributes().ToBag());
                bool isRefused = compiled.Text.StartsWith("no expression", StringComparison.Ordinal);
                Interlocked.Add(ref refused, isRefused ? 1 : 0);
                Interlocked.Add(ref failed, compiled.Text.StartsWith("error", StringComparison.Ordinal) ? 1 : 0);
                return isRefused
                    ? ErrorOfAConstant().IsMatch(compiled.Text)
                    : compiled.Text == Walk(expression, world) && compiled.References.SequenceEqual(world.Lookups);
            },
            iter: Samples,
            print: pair => $"{pair.Item1}\n with {string.Join(", ", pair.Item2.Values)}\n walk: {Walk(pair.Item1, pair.Item2 with { })}"
                + $" {string.Join(", ", pair.Item2.Lookups)}\n compiled: {Show(Evaluated.Of(pair.Item1.Text, pair.Item2.ToAttributes().ToBag()))}");
        Assert.InRange(refused, 1, Samples / 5);
        Assert.InRange(failed, Samples / 10, Samples * 3 / 4);
    }

    private static string Show(Evaluated evaluated) => $"{evaluated.Text} {string.Join(", ", evaluated.References)}";

    private static string Walk(Expr expression, World world)
    {
        try
        {
            object value = expression.Strict(world);
            if (value is not MapOf map)
            {
                return Values.Show(expression.Type, value);
            }

            world.NoteWhole(map);
            return $"map of {(map.Name is null ? 0 : ((IReadOnlyDictionary<string, string>)world.Values[map.Name]).Count)}";
        }
        catch (EvaluationFailed failed)
        {
            return "error: " + failed.Message;
        }
    }

    [GeneratedRegex(@"(64 bits|zero|IP address|timestamp|DNS name|e-mail address|URI)\.$|column \d+: No regular expression: ")]
    private static partial Regex ErrorOfAConstant();
}
