using System.CommandLine;
using FastMixer.LoadTest.Experiments;
using FastMixer.LoadTest.Load;

namespace FastMixer.LoadTest.CommandLine;

/// <summary>The subcommand for the latency of one check at a time.</summary>
internal static class LatencyCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var scenarios = new Argument<string[]>("scenario")
        {
            HelpName = string.Join("|", LatencyExperiment.Scenarios),
            Arity = ArgumentArity.ZeroOrMore,
            Description = "What answers: the server's cache, its memory, or a backend [default: all three]",
        };
        var rounds = Arguments.Number("--rounds", 5, "Rounds of each side, in turns; medians are reported");
        var keys = Arguments.Number("--keys", 1000, "How many requests a hit repeats");
        var delay = Arguments.DurationOption("--delay", "5ms", "How long the backend takes");
        var load = new RoundArguments(duration: "5s", warmup: "2s", connections: 1, depth: 1);
        var common = new ExperimentArguments();
        var command = new Command("latency", "How long a check takes, as a ratio to bare sockets: a cache hit, a miss answered from memory, one answered by a backend.")
        {
            scenarios, rounds, keys, delay,
        };
        load.AddTo(command);
        common.AddTo(command);
        command.SetAction(parsed =>
        {
            var names = parsed.GetValue(scenarios) is { Length: > 0 } given ? given : [.. LatencyExperiment.Scenarios];
            if (Array.Find(names, static name => !LatencyExperiment.Scenarios.Contains(name)) is { } unknown)
            {
                throw new LoadTestException($"'{unknown}' is no scenario: expected {string.Join(", ", LatencyExperiment.Scenarios)}");
            }

            using var interruption = new Interruption();
            var setup = common.Read(parsed, load.Read(parsed, Arguments.Number(parsed, rounds, 1, 1000)));
            var repeated = Arguments.Number(parsed, keys, 2, KeySource.MaxKeys);
            var time = Arguments.Duration(parsed, delay, mayBeZero: true);
            return ComparisonOutput.Write(setup, names.Select(name => LatencyExperiment.Run(name, setup, repeated, time, interruption.Token)));
        });
        return command;
    }
}
