using FastMixer.Cli.Output;

namespace FastMixer.Cli.Replay;

/// <summary>Prints what a replay counted.</summary>
internal static class SummaryPrinter
{
    /// <summary>The summary of a replay that has ended, without a line's end behind it.</summary>
    /// <param name="format">For whom.</param>
    /// <param name="summary">What was counted.</param>
    /// <param name="options">How it was replayed: what was not asked is not printed.</param>
    /// <param name="top">How many of the most frequent are printed.</param>
    public static string Print(OutputFormat format, ReplaySummary summary, ReplayOptions options, int top) =>
        format == OutputFormat.Json ? SummaryJson.Print(summary, options, top) : SummaryText.Print(summary, options, top);
}
