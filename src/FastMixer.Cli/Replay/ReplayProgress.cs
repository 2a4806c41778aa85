using System.Globalization;
using Spectre.Console;

namespace FastMixer.Cli.Replay;

/// <summary>Shows on standard error how far a replay is, if that is a terminal.</summary>
internal static class ReplayProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits for a replay, and shows its progress.</summary>
    /// <param name="replay">The replay, running.</param>
    /// <param name="log">What it reads.</param>
    /// <param name="summary">What it counts.</param>
    public static async Task ShowAsync(Task replay, AccessLogReader log, ReplaySummary summary)
    {
        if (!Console.IsErrorRedirected)
        {
            IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
            await console.Progress()
                .AutoClear(true)
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
                .StartAsync(context => UpdateAsync(context, replay, log, summary));
        }

        await replay;
    }

    private static async Task UpdateAsync(ProgressContext context, Task replay, AccessLogReader log, ReplaySummary summary)
    {
        ProgressTask bar = context.AddTask("replay", maxValue: log.Length is > 0 and { } length ? length : 1);
        bar.IsIndeterminate = log.Length is null;
        while (!replay.IsCompleted)
        {
            bar.Value = log.Position;
            bar.Description = string.Create(
                CultureInfo.InvariantCulture, $"{summary.Lines:#,0} lines, {summary.Answered:#,0} answered, {summary.Failed:#,0} failed");
            await Task.WhenAny(replay, Task.Delay(Interval));
        }
    }
}
