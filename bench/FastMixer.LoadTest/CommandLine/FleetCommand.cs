using System.CommandLine;
using System.Text.Json;
using FastMixer.LoadTest.Experiments;
using FastMixer.LoadTest.Fleet;
using FastMixer.LoadTest.Report;

namespace FastMixer.LoadTest.CommandLine;

/// <summary>The subcommand for four servers and many sidecars.</summary>
internal static class FleetCommand
{
    // The default of the client, and what one slow server of four needs.
    private static readonly double[] HedgingBudgets = [0.05, 0.5];

    /// <summary>The command.</summary>
    public static Command Create() => new("fleet", "Four servers and many sidecars: routing, restarts, and a slow server.")
    {
        CreateRouting(), CreateRestart(), CreateSlow(),
    };

    private static Command CreateRouting()
    {
        var figure = FigureOption.Create("Draw the hit ratio over time, as SVG");
        var arguments = new FleetArguments(length: "60s", keys: 4000, cacheEntries: 1000);
        var command = new Command("routing", "Random routing and sharding: what the servers' caches are worth, and which keys move when a server leaves.") { figure };
        arguments.AddTo(command);
        command.SetAction(parsed =>
        {
            using var interruption = new Interruption();
            var (setup, setting) = arguments.Read(parsed);
            var result = RoutingExperiment.Run(setup, setting, interruption.Token);
            var exitCode = Report(setup, result, result.Violations, RoutingReport.WriteText, RoutingReport.WriteJson);
            FigureOption.Save(parsed.GetValue(figure), () => RoutingFigure.Draw(result));
            return exitCode;
        });
        return command;
    }

    private static Command CreateRestart()
    {
        var kill = new Option<bool>("--kill") { Description = "End servers by SIGKILL instead of draining them" };
        var arguments = new FleetArguments(length: "40s", keys: 4000, cacheEntries: 100_000);
        var command = new Command("restart", "Each server is restarted, one after the other, under load: no check may fail, and no report may be lost uncounted.") { kill };
        arguments.AddTo(command);
        command.SetAction(parsed =>
        {
            using var interruption = new Interruption();
            var (setup, setting) = arguments.Read(parsed);
            var result = RestartExperiment.Run(setup, setting, parsed.GetValue(kill), interruption.Token);
            return Report(setup, result, result.Violations, RestartReport.WriteText, RestartReport.WriteJson);
        });
        return command;
    }

    private static Command CreateSlow()
    {
        var delay = Arguments.DurationOption("--delay", "100ms", "How late the slow server's answers are");
        var arguments = new FleetArguments(length: "20s", keys: 4000, cacheEntries: 100_000);
        var command = new Command("slow", "One of the servers turns slow: what the sidecars see without hedging and with it.") { delay };
        arguments.AddTo(command);
        command.SetAction(parsed =>
        {
            using var interruption = new Interruption();
            var late = Arguments.Duration(parsed, delay);
            var (setup, setting) = arguments.Read(parsed);
            var result = SlowExperiment.Run(setup, setting, late, HedgingBudgets, interruption.Token);
            return Report(setup, result, result.Violations, SlowReport.WriteText, SlowReport.WriteJson);
        });
        return command;
    }

    private static int Report<T>(
        ExperimentSetup setup, T result, IReadOnlyList<string> violations, Action<TextWriter, T> text, Action<Utf8JsonWriter, T> json)
    {
        ReportOutput.Write(setup.Json, result, WriteText, (output, found) => JsonOutput.Write(output, writer => WriteJson(writer, found)));
        return violations.Count == 0 ? ExitCode.Clean : ExitCode.WithErrors;

        void WriteText(TextWriter output, T found)
        {
            text(output, found);
            foreach (var violation in violations)
            {
                output.WriteLine($"VIOLATED: {violation}");
            }
        }

        void WriteJson(Utf8JsonWriter writer, T found)
        {
            json(writer, found);
            writer.WriteStartArray("violations");
            foreach (var violation in violations)
            {
                writer.WriteStringValue(violation);
            }

            writer.WriteEndArray();
        }
    }
}
