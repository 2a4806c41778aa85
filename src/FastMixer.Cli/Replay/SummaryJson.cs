using System.Text.Json;
using FastMixer.Cli.Output;

namespace FastMixer.Cli.Replay;

/// <summary>Prints what a replay counted, for programs.</summary>
internal static class SummaryJson
{
    /// <summary>The summary as a JSON object on one line.</summary>
    /// <param name="summary">What was counted.</param>
    /// <param name="options">How it was replayed.</param>
    /// <param name="top">How many of the most frequent are printed.</param>
    public static string Print(ReplaySummary summary, ReplayOptions options, int top) => JsonText.Object(json =>
    {
        WriteLines(json, summary);
        json.WriteMilliseconds("elapsedMs", summary.Elapsed);
        if (summary.Ended is not null)
        {
            json.WriteString("ended", summary.Ended);
        }

        if (options.Checks)
        {
            WriteChecks(json, summary, top);
        }

        if (options.Reports)
        {
            json.WriteStartObject("reports");
            json.WriteNumber("accepted", summary.Accepted);
            json.WriteNumber("refused", summary.Refused);
            json.WriteNumber("undelivered", summary.Undelivered);
            json.WriteEndObject();
        }

        json.WriteStartArray("failures");
        foreach ((string sort, long count) in summary.Failures.Top())
        {
            json.WriteStartObject();
            json.WriteString("sort", sort);
            json.WriteNumber("count", count);
            json.WriteString("example", summary.FailureExample(sort));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void WriteLines(Utf8JsonWriter json, ReplaySummary summary)
    {
        json.WriteStartObject("lines");
        json.WriteNumber("read", summary.Lines);
        json.WriteNumber("notParsed", summary.NotParsed);
        json.WriteStartArray("firstNotParsed");
        foreach (UnparsedLine line in summary.FirstNotParsed)
        {
            json.WriteStartObject();
            json.WriteNumber("line", line.Number);
            json.WriteString("why", line.Why);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteChecks(Utf8JsonWriter json, ReplaySummary summary, int top)
    {
        json.WriteStartObject("checks");
        json.WriteNumber("answered", summary.Answered);
        json.WriteNumber("failed", summary.Failed);
        json.WriteNumber("perSecond", Math.Round(summary.Rate, 1));
        json.WriteStartObject("latencyUs");
        json.WriteMicroseconds("p50", summary.Latency(50));
        json.WriteMicroseconds("p99", summary.Latency(99));
        json.WriteEndObject();
        json.WriteStartObject("byStatus");
        foreach ((string status, long count) in summary.ByStatus.Top())
        {
            json.WriteNumber(status, count);
        }

        json.WriteEndObject();
        WriteTop(json, "deniedByRule", "rule", summary.ByRule, top);
        WriteTop(json, "deniedPaths", "path", summary.DeniedPaths, top);
        WriteTop(json, "deniedSources", "source", summary.DeniedSources, top);
        json.WriteEndObject();
    }

    private static void WriteTop(Utf8JsonWriter json, string name, string label, TopCounter counter, int top)
    {
        json.WriteStartArray(name);
        foreach ((string text, long count) in counter.Top(top))
        {
            json.WriteStartObject();
            json.WriteString(label, text);
            json.WriteNumber("count", count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
