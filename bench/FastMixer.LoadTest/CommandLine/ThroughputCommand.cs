using System.CommandLine;
using FastMixer.LoadTest.Experiments;

namespace FastMixer.LoadTest.CommandLine;

/// <summary>The subcommand for throughput beside cache servers.</summary>
internal static class ThroughputCommand
{
    private const int LeastKeyBytes = 9;
    private const int MostKeyBytes = 65_536;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var peers = new Option<string>("--peers")
        {
            HelpName = "LIST",
            DefaultValueFactory = static _ => string.Join(",", ThroughputExperiment.Peers),
            Description = "Whom to compare with",
        };
        var redis = new Option<string>("--redis")
        {
            HelpName = "FILE",
            DefaultValueFactory = static _ => "redis-server",
            Description = "The Redis server's executable, or one that takes the same options",
        };
        var keys = Arguments.Number("--keys", 1000, "How many checks are repeated, and how many keys are asked for");
        var keyBytes = new Option<int?>("--key-bytes")
        {
            HelpName = "N",
            Description = "Bytes of a key of Redis and Garnet [default: a GET is as long as a check]",
        };
        var rounds = Arguments.Number("--rounds", 5, "Rounds of each side, in turns; medians are reported");
        var load = new RoundArguments(duration: "5s", warmup: "2s", connections: 16, depth: 32);
        var common = new ExperimentArguments();
        var command = new Command("throughput", "How many checks the server answers, beside what Redis and Garnet answer of GETs of equal size on the same CPU.")
        {
            peers, redis, keys, keyBytes, rounds,
        };
        load.AddTo(command);
        common.AddTo(command);
        command.SetAction(parsed =>
        {
            using var interruption = new Interruption();
            var setup = common.Read(parsed, load.Read(parsed, Arguments.Number(parsed, rounds, 1, 1000)));
            Arguments.Require(
                parsed.GetValue(keyBytes) is null or (>= LeastKeyBytes and <= MostKeyBytes), $"--key-bytes: expected {LeastKeyBytes} to {MostKeyBytes}");
            var options = new ThroughputOptions(
                ReadPeers(parsed.GetValue(peers)!),
                parsed.GetValue(redis)!,
                Arguments.Number(parsed, keys, 2, 1_000_000),
                parsed.GetValue(keyBytes));
            return ComparisonOutput.Write(setup, [ThroughputExperiment.Run(setup, options, interruption.Token)]);
        });
        return command;
    }

    private static string[] ReadPeers(string text)
    {
        var peers = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return Array.Find(peers, static peer => !ThroughputExperiment.Peers.Contains(peer)) is { } unknown
            ? throw new LoadTestException($"--peers: '{unknown}' is none: expected some of {string.Join(",", ThroughputExperiment.Peers)}")
            : peers;
    }
}
