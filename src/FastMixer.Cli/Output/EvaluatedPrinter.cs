using FastMixer.Cli.Explaining;
using FastMixer.Policy.Language.Explanation;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Cli.Output;

/// <summary>Prints what an expression came to.</summary>
internal static class EvaluatedPrinter
{
    /// <summary>For programs: type, value and look-ups, or the error with its stage and place.</summary>
    /// <param name="evaluated">What it came to.</param>
    public static string Json(Evaluated evaluated) => JsonText.Object(json =>
    {
        if (evaluated.Value is { } value)
        {
            json.WriteString("type", value.Type.Name());
            json.WritePropertyName("value");
            ValuePrinter.Write(json, value);
            ValuePrinter.WriteReferenced(json, evaluated.Referenced);
            return;
        }

        json.WriteString("error", evaluated.Error);
        json.WriteString("stage", evaluated.Stage == EvaluationStage.Compile ? "compile" : "evaluate");
        json.WriteNumber("line", evaluated.Line);
        json.WriteNumber("column", evaluated.Column);
    });

    /// <summary>For people: the value, and below it what it depended on; or the error, with a mark below where it is.</summary>
    /// <param name="evaluated">What it came to.</param>
    public static string Text(Evaluated evaluated)
    {
        var lines = new List<string>();
        if (evaluated.Value is { } value)
        {
            lines.Add($"{value.Type.Name()} {ValuePrinter.Text(value)}");
            string label = "depends on";
            foreach (LookedUp lookup in evaluated.Referenced)
            {
                lines.Add($"  {label,-12} {ValuePrinter.Text(lookup)}");
                label = "";
            }
        }
        else
        {
            string what = evaluated.Stage == EvaluationStage.Compile ? "does not compile" : "evaluation failed";
            lines.Add($"{what}, {evaluated.Line}:{evaluated.Column}: {Printable.Line(evaluated.Error)}");
            lines.Add($"  {Printable.Line(evaluated.Expression.Split('\n')[evaluated.Line - 1])}");
            lines.Add($"  {new string(' ', evaluated.Column - 1)}^");
        }

        return string.Join(Environment.NewLine, lines);
    }
}
