using System.CommandLine;
using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Report;
using FastMixer.LoadTest.Reports;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.CommandLine;

/// <summary>The subcommand for reports, with a part for each thing to be shown.</summary>
internal static class ReportsCommand
{
    /// <summary>The command.</summary>
    public static Command Create() =>
        new("reports", "What reports cost, what they do to checks, and whether each record comes to its end.") { Ingest(), BesideChecks(), Prometheus(), Outage() };

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
            ReportOutput.Write(setup.Json, IngestExperiment.Run(setup, interruption.Token), IngestReport.WriteText, IngestReport.WriteJson);
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

    private static Command Prometheus()
    {
        var records = Arguments.Number("--records", 5_000_000, "How many records are sent, in hundreds");
        var interval = Arguments.DurationOption("--scrape-interval", "1s", "How often Prometheus comes");
        var connections = Arguments.Number("--connections", 4, "Connections, each with a thread of its own");
        var depth = Arguments.Number("--depth", 8, "Reports in flight on each of them");
        var common = new ExperimentArguments();
        var command = new Command("prometheus", "Whether a real Prometheus has the numbers of what was sent, to the last record, over a restart of the server.")
        {
            records, interval, connections, depth,
        };
        common.AddTo(command);
        command.SetAction(parsed =>
        {
            using var interruption = new Interruption();
            var count = Arguments.Number(parsed, records, 100, 1_000_000_000);
            Arguments.Require(count % ReportTemplates.Records == 0, $"--records: expected a multiple of {ReportTemplates.Records}");
            var period = Arguments.Duration(parsed, interval);
            var setup = common.Read(parsed, Whole(parsed, connections, depth));
            var result = PrometheusExperiment.Run(setup, count, period, interruption.Token);
            ReportOutput.Write(setup.Json, result, PrometheusReport.WriteText, PrometheusReport.WriteJson);
            return result.Agrees ? ExitCode.Clean : ExitCode.WithErrors;
        });
        return command;
    }

    private static Command Outage()
    {
        var duration = Arguments.DurationOption("--duration", "10m", "How long the backend is down; the whole run is a fifth longer");
        var connections = Arguments.Number("--connections", 2, "Connections, each with a thread of its own");
        var depth = Arguments.Number("--depth", 16, "Reports in flight on each of them");
        var common = new ExperimentArguments();
        var command = new Command("outage", "What becomes of reports while their backend is down: whether memory stays flat, and each record is found again in the sums.")
        {
            duration, connections, depth,
        };
        common.AddTo(command);
        command.SetAction(parsed =>
        {
            using var interruption = new Interruption();
            var outage = Arguments.Duration(parsed, duration);
            var setup = common.Read(parsed, Whole(parsed, connections, depth));
            var result = ReportOutageExperiment.Run(setup, outage, interruption.Token);
            ReportOutput.Write(setup.Json, result, ReportOutageReport.WriteText, ReportOutageReport.WriteJson);
            return result.Agrees ? ExitCode.Clean : ExitCode.WithErrors;
        });
        return command;
    }

    // One round, which is as long as it takes.
    private static RoundSettings Whole(ParseResult parsed, Option<int> connections, Option<int> depth) => new()
    {
        Connections = Arguments.Number(parsed, connections, 1, 10_000),
        Depth = Arguments.Number(parsed, depth, 1, RoundSettings.OpenLoopDepth),
        Duration = TimeSpan.Zero,
        Warmup = TimeSpan.Zero,
        Rounds = 1,
    };
}
