using System.CommandLine;
using FastMixer.LoadTest.Load;

namespace FastMixer.LoadTest.CommandLine;

/// <summary>The options of experiments that measure in rounds, with the defaults of one of them.</summary>
internal sealed class RoundArguments(string duration, string warmup, int connections, int depth)
{
    private readonly Option<string> _duration = Arguments.DurationOption("--duration", duration, "How long a round measures");
    private readonly Option<string> _warmup = Arguments.DurationOption("--warmup", warmup, "How long a round runs before it measures");
    private readonly Option<int> _connections = Arguments.Number("--connections", connections, "Connections, each with a thread of its own");
    private readonly Option<int> _depth = Arguments.Number("--depth", depth, "Requests in flight on a connection of a closed loop");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_duration);
        command.Add(_warmup);
        command.Add(_connections);
        command.Add(_depth);
    }

    /// <summary>Reads them.</summary>
    public RoundSettings Read(ParseResult parsed, int rounds) => new()
    {
        Connections = Arguments.Number(parsed, _connections, 1, 10_000),
        Depth = Arguments.Number(parsed, _depth, 1, RoundSettings.OpenLoopDepth),
        Duration = Arguments.Duration(parsed, _duration),
        Warmup = Arguments.Duration(parsed, _warmup, mayBeZero: true),
        Rounds = rounds,
    };
}
