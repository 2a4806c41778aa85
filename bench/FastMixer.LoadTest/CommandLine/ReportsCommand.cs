using System.CommandLine;
using FastMixer.LoadTest.Report;
using FastMixer.LoadTest.Reports;

namespace FastMixer.LoadTest.CommandLine;

/// <summary>The subcommand for reports, with a part for each thing to be shown.</summary>
internal static class ReportsCommand
{
    /// <summary>The command.</summary>
    public static Command Create() =>
        new("reports", "What reports cost, what they do to checks, and whether each record comes to its end.") { Ingest(), BesideChecks() };

    private static Command Ingest()
    {
        var rounds = Arguments.Number("--rounds", 5, "Rounds one after the other; medians are reported");
        var load = new RoundArguments(duration: "5s", warmup: "5s", connections: 2, depth: 16);
        var common = new ExperimentArguments();
        var command = new Command("ingest", "How many records a server takes in and sums up, and what a record costs it.") { rounds };
        load.AddTo(command);
        common.AddTo(command);
        command.SetAction(parsed =>
        {
            using var interruption = new Interruption();
            var setup = common.Read(parsed, load.Read(parsed, Arguments.Number(parsed, rounds, 1, 1000)));
            var result = IngestExperiment.Run(setup, interruption.Token);
            if (setup.Json)
            {
                using var output = Console.OpenStandardOutput();
                IngestReport.WriteJson(output, result);
            }
            else
            {
                IngestReport.WriteText(Console.Out, result);
            }

            return ExitCode.Clean;
        });
        return command;
    }

    private static Command BesideChecks()
    {
        var rounds = Arguments.Number("--rounds", 5, "Rounds of each side, in turns; medians are reported");
        var reportConnections = Arguments.Number("--report-connections", 2, "Connections that reports come over");
        var reportDepth = Arguments.Number("--report-depth", 16, "Reports in flight on each of them");
        var load = new RoundArguments(duration: "5s", warmup: "2s", connections: 1, depth: 1);
        var common = new ExperimentArguments();
        var command = new Command("beside-checks", "How long a check takes while reports keep the server as busy as they can, as a ratio to without.")
        {
            rounds, reportConnections, reportDepth,
        };
        load.AddTo(command);
        common.AddTo(command);
        command.SetAction(parsed =>
        {
            using var interruption = new Interruption();
            var setup = common.Read(parsed, load.Read(parsed, Arguments.Number(parsed, rounds, 1, 1000)));
            var connections = Arguments.Number(parsed, reportConnections, 1, 10_000);
            var depth = Arguments.Number(parsed, reportDepth, 1, 1024);
            return ComparisonOutput.Write(setup, [BesideChecksExperiment.Run(setup, connections, depth, interruption.Token)]);
        });
        return command;
    }
}
