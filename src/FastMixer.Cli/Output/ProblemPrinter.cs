using System.Globalization;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;
using FastMixer.Server.Configuration;

namespace FastMixer.Cli.Output;

/// <summary>Prints what is wrong with a policy.</summary>
internal static class ProblemPrinter
{
    /// <summary>For people and editors: a line for each problem, and a summary.</summary>
    /// <param name="loaded">The policy.</param>
    public static string Text(PolicyLoad loaded)
    {
        int warnings = loaded.Problems.Count - loaded.Errors;
        string summary = loaded.Policy is { } policy
            ? $"valid: {Count(policy.Rules.Count, "rule")}, {Count(policy.Handlers.Count, "handler")}, {Count(warnings, "warning")}; digest {Digest(policy)}"
            : $"not valid: {Count(loaded.Errors, "error")}, {Count(warnings, "warning")}";
        return string.Join(Environment.NewLine, loaded.Problems.Select(problem => Printable.Line(problem.ToString())).Append(summary));
    }

    /// <summary>For programs.</summary>
    /// <param name="loaded">The policy.</param>
    public static string Json(PolicyLoad loaded) => JsonText.Object(json =>
    {
        json.WriteBoolean("valid", loaded.Policy is not null);
        if (loaded.Policy is { } policy)
        {
            json.WriteString("digest", Digest(policy));
        }

        json.WriteNumber("errors", loaded.Errors);
        json.WriteNumber("warnings", loaded.Problems.Count - loaded.Errors);
        json.WriteStartArray("problems");
        foreach (Problem problem in loaded.Problems)
        {
            json.WriteStartObject();
            json.WriteString("file", problem.Place.File);
            json.WriteNumber("line", problem.Place.Line);
            json.WriteNumber("column", problem.Place.Column);
            json.WriteString("severity", problem.Severity == Severity.Error ? "error" : "warning");
            json.WriteString("message", problem.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static string Digest(Snapshot policy) => policy.Digest.ToString("x16", CultureInfo.InvariantCulture);

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
