using System.Globalization;
using System.Text;
using FastMixer.Cli.Output;

namespace FastMixer.Cli.Replay;

/// <summary>Prints what a replay counted, for people.</summary>
internal static class SummaryText
{
    private const int MostTextChars = 80;

    /// <summary>The summary, without a line's end behind it.</summary>
    /// <param name="summary">What was counted.</param>
    /// <param name="options">How it was replayed.</param>
    /// <param name="top">How many of the most frequent are printed.</param>
    public static string Print(ReplaySummary summary, ReplayOptions options, int top)
    {
        var text = new StringBuilder();
        if (summary.Ended is not null)
        {
            Section(text, $"Ended before the log did: {summary.Ended}");
        }

        Section(text, $"Lines: {Number(summary.Lines)} read, {Number(summary.NotParsed)} not parsed");
        foreach (UnparsedLine line in summary.FirstNotParsed)
        {
            Detail(text, $"line {line.Number}: {Printable.Line(line.Why)}");
        }

        if (summary.NotParsed > summary.FirstNotParsed.Count)
        {
            Detail(text, $"and {Number(summary.NotParsed - summary.FirstNotParsed.Count)} more");
        }

        if (options.Checks)
        {
            PrintChecks(text, summary, top);
        }

        if (options.Reports)
        {
            Section(
                text,
                $"Reports: {Number(summary.Accepted)} records accepted, {Number(summary.Refused)} refused and sent again, "
                + $"{Number(summary.Undelivered)} not delivered");
        }

        PrintTop(text, "Failures", summary.Failures.Top(), sort => $"{sort}: {summary.FailureExample(sort)}");
        return text.ToString().TrimEnd();
    }

    private static void PrintChecks(StringBuilder text, ReplaySummary summary, int top)
    {
        Section(
            text,
            $"Checks: {Number(summary.Answered)} answered, {Number(summary.Failed)} failed, in {LatencyText.Format(summary.Elapsed)} "
            + $"({Number((long)summary.Rate)}/s), p50 {LatencyText.Format(summary.Latency(50))}, "
            + $"p99 {LatencyText.Format(summary.Latency(99))}");
        foreach ((string status, long count) in summary.ByStatus.Top())
        {
            string share = (100.0 * count / summary.Answered).ToString("0.0", CultureInfo.InvariantCulture);
            Detail(text, $"{Number(count),12}  {share,5} %  {status}");
        }

        PrintTop(text, "Denied by", summary.ByRule.Top(top), rule => rule);
        PrintTop(text, "Paths denied most", summary.DeniedPaths.Top(top), path => path);
        PrintTop(text, "Sources denied most", summary.DeniedSources.Top(top), source => source);
    }

    private static void PrintTop(
        StringBuilder text, string heading, IReadOnlyList<KeyValuePair<string, long>> top, Func<string, string> describe)
    {
        if (top.Count == 0)
        {
            return;
        }

        Section(text, $"{heading}:");
        foreach ((string key, long count) in top)
        {
            Detail(text, $"{Number(count),12}  {Printable.Cut(describe(key), MostTextChars)}");
        }
    }

    private static void Section(StringBuilder text, string line) => text.Append(line).Append(Environment.NewLine);

    private static void Detail(StringBuilder text, string line) => text.Append("  ").Append(line).Append(Environment.NewLine);

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
