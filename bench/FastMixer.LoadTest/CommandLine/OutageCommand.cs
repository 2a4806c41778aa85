using System.CommandLine;
using FastMixer.LoadTest.Backend;
using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Outage;
using FastMixer.LoadTest.Report;

namespace FastMixer.LoadTest.CommandLine;

/// <summary>The subcommand for a backend that fails.</summary>
internal static class OutageCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var length = Arguments.DurationOption("--duration", "90s", "How long the run is; the outage is its middle third");
        var manner = new Option<OutageManner>("--manner") { HelpName = "stall|reset|refuse", Description = "What the backend does while it is down" };
        var rate = Arguments.Number("--rate", 200, "Checks a second, on each side");
        var timeout = Arguments.DurationOption("--timeout", "250ms", "How long callers wait, on each side");
        var delay = Arguments.DurationOption("--delay", "10ms", "How long the backend takes");
        var availability = BackendCommand.Share("--availability", 0.999, "Which share of requests the backend answers well while it is up");
        var maxAge = Arguments.DurationOption("--max-age", "5s", "How long the backend's answers may be reused, in whole seconds");
        var keys = Arguments.Number("--keys", 200, "How many requests are repeated");
        var share = BackendCommand.Share("--repeated", 0.9, "Which share of checks is one of these; the others are all new");
        var figure = FigureOption.Create("Draw the time line, as SVG");
        var common = new ExperimentArguments();
        var command = new Command("outage", "A backend that fails now and then, and once for long: what callers see with FastMixer and without it.")
        {
            length, manner, rate, timeout, delay, availability, maxAge, keys, share, figure,
        };
        common.AddTo(command);
        command.SetAction(parsed =>
        {
            var whole = Arguments.Length(parsed, length);
            var third = TimeSpan.FromMilliseconds(Math.Round(whole.TotalMilliseconds / 3));
            var options = new OutageOptions
            {
                Length = whole,
                Begin = third,
                Outage = third,
                Manner = parsed.GetValue(manner),
                Rate = Arguments.Number(parsed, rate, 1, 10_000),
                Timeout = Arguments.Duration(parsed, timeout),
                Delay = Arguments.Duration(parsed, delay, mayBeZero: true),
                Availability = BackendCommand.ReadShare(parsed, availability),
                MaxAge = BackendCommand.ReadMaxAge(parsed, maxAge),
                Keys = Arguments.Number(parsed, keys, 1, KeySource.MaxKeys / 2),
                Share = BackendCommand.ReadShare(parsed, share),
            };
            return Run(parsed, common, options, parsed.GetValue(figure));
        });
        return command;
    }

    private static int Run(ParseResult parsed, ExperimentArguments common, OutageOptions options, string? figure)
    {
        using var interruption = new Interruption();
        var load = new RoundSettings { Connections = 1, Duration = options.Length, Warmup = TimeSpan.Zero, Rounds = 1 };
        var setup = common.Read(parsed, load);
        var result = OutageExperiment.Run(setup, options, interruption.Token);
        ReportOutput.Write(setup.Json, result, OutageReport.WriteText, OutageReport.WriteJson);
        FigureOption.Save(figure, () => OutageFigure.Draw(result));
        return result.With.Timeline.FailedSeen == 0 ? ExitCode.Clean : ExitCode.WithErrors;
    }
}
