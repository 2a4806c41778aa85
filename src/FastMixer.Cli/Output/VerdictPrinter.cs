using System.Text;
using System.Text.Json;
using FastMixer.Protocol.Messages;

namespace FastMixer.Cli.Output;

/// <summary>Prints the verdict of a check.</summary>
internal static class VerdictPrinter
{
    /// <summary>The verdict, without a line's end behind it.</summary>
    /// <param name="format">For whom.</param>
    /// <param name="verdict">The verdict.</param>
    /// <param name="quotasAsked">Whether the check asked for quotas, so that it matters if none was granted.</param>
    /// <param name="latency">How long the answer took.</param>
    public static string Print(OutputFormat format, Verdict verdict, bool quotasAsked, TimeSpan latency) =>
        format == OutputFormat.Json ? Json(verdict, quotasAsked, latency) : Text(verdict, quotasAsked, latency);

    private static string Json(Verdict verdict, bool quotasAsked, TimeSpan latency) => JsonText.Object(json =>
    {
        json.WriteString("status", verdict.Status.Name());
        json.WriteNumber("code", (int)verdict.Status);
        json.WriteString("message", verdict.Message);
        json.WriteMilliseconds("validDurationMs", verdict.ValidDuration);
        json.WriteNumber("validUseCount", verdict.ValidUseCount);
        json.WriteStartArray("referenced");
        foreach (ReferencedAttribute reference in verdict.Referenced)
        {
            WriteReference(json, reference);
        }

        json.WriteEndArray();
        if (quotasAsked)
        {
            json.WriteStartArray("quotas");
            foreach (QuotaGrant grant in verdict.Quotas)
            {
                json.WriteStartObject();
                json.WriteString("name", grant.Name);
                json.WriteNumber("granted", grant.Granted);
                json.WriteMilliseconds("validDurationMs", grant.ValidDuration);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (!verdict.Directive.IsEmpty)
        {
            DirectivePrinter.WriteJson(json, verdict.Directive);
        }

        json.WriteMicroseconds("latencyUs", latency);
    });

    private static void WriteReference(Utf8JsonWriter json, ReferencedAttribute reference)
    {
        json.WriteStartObject();
        json.WriteString("name", reference.Name);
        if (reference.Key is not null)
        {
            json.WriteString("key", reference.Key);
        }

        json.WriteString("condition", Condition(reference));
        json.WriteEndObject();
    }

    private static string Text(Verdict verdict, bool quotasAsked, TimeSpan latency)
    {
        var lines = new List<string> { Headline(verdict) };
        Add(lines, "reusable", [Reuse(verdict)]);
        Add(lines, "depends on", verdict.Referenced.Count == 0
            ? ["nothing: the same for every request"]
            : verdict.Referenced.Select(Reference).Order(StringComparer.Ordinal));
        if (quotasAsked)
        {
            Add(lines, "quotas", verdict.Quotas.Count == 0 ? ["nothing taken"] : verdict.Quotas.Select(Grant));
        }

        foreach ((string label, IEnumerable<string> values) in DirectivePrinter.Lines(verdict.Directive))
        {
            Add(lines, label, values);
        }

        Add(lines, "answered in", [LatencyText.Format(latency)]);
        return string.Join(Environment.NewLine, lines);
    }

    private static string Headline(Verdict verdict)
    {
        var headline = new StringBuilder(verdict.IsAllowed ? "ALLOWED" : $"DENIED: {verdict.Status.Name()} ({(int)verdict.Status})");
        return verdict.Message.Length == 0 ? headline.ToString() : headline.Append($" {Printable.Line(verdict.Message)}").ToString();
    }

    private static string Reuse(Verdict verdict) => (verdict.ValidDuration.Ticks, verdict.ValidUseCount) switch
    {
        (0, _) or (_, 0) => "no",
        (_, < 0) => $"for {LatencyText.Format(verdict.ValidDuration)}",
        _ => $"for {LatencyText.Format(verdict.ValidDuration)} or {verdict.ValidUseCount} uses",
    };

    private static string Reference(ReferencedAttribute reference)
    {
        string name = reference.Key is null ? reference.Name : $"{reference.Name}[{reference.Key}]";
        return $"{Printable.Line(name)} ({Condition(reference)})";
    }

    private static string Grant(QuotaGrant grant) =>
        $"{Printable.Line(grant.Name)}: {grant.Granted} granted for {LatencyText.Format(grant.ValidDuration)}";

    private static string Condition(ReferencedAttribute reference) => reference.Present ? "exact" : "absence";

    private static void Add(List<string> lines, string label, IEnumerable<string> values)
    {
        foreach (string value in values)
        {
            lines.Add($"  {label,-12} {value}");
            label = "";
        }
    }
}
