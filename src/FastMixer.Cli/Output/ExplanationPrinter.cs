using System.Text.Json;
using FastMixer.Cli.Explaining;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Language.Explanation;

namespace FastMixer.Cli.Output;

/// <summary>Prints what a policy does with one check.</summary>
internal static class ExplanationPrinter
{
    private const int WidestPart = 72;

    /// <summary>For people: each candidate with the parts of its match below it, then what the verdict depends on.</summary>
    /// <param name="explanation">The explanation.</param>
    public static string Text(Explanation explanation)
    {
        var lines = new List<string>();
        foreach (ExplainedRule rule in explanation.Candidates)
        {
            AddRule(lines, rule);
        }

        int matching = explanation.Candidates.Count(rule => rule.Matches == true);
        lines.Add($"{explanation.RuleCount} check rules for this request's namespace; {explanation.Candidates.Count} could match; {matching} do");
        string label = "the verdict depends on";
        foreach (string lookup in explanation.Referenced.Count == 0 ? ["nothing"] : explanation.Referenced.Select(ValuePrinter.Text))
        {
            lines.Add($"{label,-22} {lookup}");
            label = "";
        }

        if (explanation.AddsAttributes)
        {
            lines.Add("this policy adds attributes to requests, by handlers that were not asked here: give those attributes with -a");
        }

        return string.Join(Environment.NewLine, lines);
    }

    /// <summary>For programs.</summary>
    /// <param name="explanation">The explanation.</param>
    public static string Json(Explanation explanation) => JsonText.Object(json =>
    {
        json.WriteNumber("rules", explanation.RuleCount);
        json.WriteStartArray("candidates");
        foreach (ExplainedRule rule in explanation.Candidates)
        {
            WriteRule(json, rule);
        }

        json.WriteEndArray();
        ValuePrinter.WriteReferenced(json, explanation.Referenced);
        json.WriteBoolean("addsAttributes", explanation.AddsAttributes);
    });

    private static void AddRule(List<string> lines, ExplainedRule rule)
    {
        string verb = rule.Matches switch { true => "matches", false => "does not match", null => "cannot be evaluated" };
        lines.Add($"{Printable.Line(rule.Rule.Name)} {verb}");
        if (rule.Trace is { } trace)
        {
            AddPart(lines, trace, depth: 1);
        }
        else
        {
            lines.Add("  for every request");
        }

        foreach (ExplainedAction action in rule.Actions)
        {
            lines.Add($"  -> {Printable.Line(action.Handler)} gets {Printable.Line(action.Instance)}{(action.Error is null ? "" : $", which cannot be evaluated: {Printable.Line(action.Error)}")}");
            lines.AddRange(action.Fields.Select(field => $"       {Printable.Line(field.Key)} = {ValuePrinter.Text(field.Value)}"));
        }

        lines.Add("");
    }

    private static void AddPart(List<string> lines, TraceNode part, int depth)
    {
        string indented = new string(' ', depth * 2) + Printable.Cut(part.Text, WidestPart);
        lines.Add($"{indented,-WidestPart}  {Describe(part)}".TrimEnd());
        foreach (TraceNode inner in part.Parts.Where(inner => inner.Text != inner.Value?.ToString() && !IsConstant(inner)))
        {
            AddPart(lines, inner, depth + 1);
        }
    }

    private static string Describe(TraceNode part) => part switch
    {
        { Outcome: null } => "not evaluated",
        { Value: { } value } => ValuePrinter.Text(value),
        { Outcome: Outcome.Absent } => "absent",
        { Error: { } error } => $"error: {Printable.Line(error)}",
        _ => "",
    };

    // What is written out needs no line to say what it is.
    private static bool IsConstant(TraceNode part) =>
        part.Parts.Count == 0 && (part.Text.StartsWith('"') || part.Text.StartsWith('[') || (part.Text.Length > 0 && char.IsAsciiDigit(part.Text[0])));

    private static void WriteRule(Utf8JsonWriter json, ExplainedRule rule)
    {
        json.WriteStartObject();
        json.WriteString("rule", rule.Rule.Name);
        json.WriteString("match", rule.Rule.Match?.Text ?? "true");
        if (rule.Matches is { } matches)
        {
            json.WriteBoolean("matches", matches);
        }
        else
        {
            json.WriteNull("matches");
        }

        if (rule.Trace is { } trace)
        {
            json.WritePropertyName("trace");
            WritePart(json, trace);
        }

        json.WriteStartArray("actions");
        foreach (ExplainedAction action in rule.Actions)
        {
            WriteAction(json, action);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter json, TraceNode part)
    {
        json.WriteStartObject();
        json.WriteString("text", part.Text);
        json.WriteString("outcome", part.Outcome switch { null => "skipped", Outcome.Value => "value", Outcome.Absent => "absent", _ => "error" });
        if (part.Value is { } value)
        {
            json.WritePropertyName("value");
            ValuePrinter.Write(json, value);
        }

        if (part.Error is { } error)
        {
            json.WriteString("error", error);
        }

        if (part.Parts.Count > 0)
        {
            json.WriteStartArray("parts");
            foreach (TraceNode inner in part.Parts)
            {
                WritePart(json, inner);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteAction(Utf8JsonWriter json, ExplainedAction action)
    {
        json.WriteStartObject();
        json.WriteString("handler", action.Handler);
        json.WriteString("instance", action.Instance);
        if (action.Error is not null)
        {
            json.WriteString("error", action.Error);
        }

        json.WriteStartObject("fields");
        foreach ((string name, ExpressionValue value) in action.Fields)
        {
            json.WritePropertyName(name);
            ValuePrinter.Write(json, value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
