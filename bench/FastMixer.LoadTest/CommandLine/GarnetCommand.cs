using System.CommandLine;
using FastMixer.LoadTest.Processes;

namespace FastMixer.LoadTest.CommandLine;

/// <summary>The hidden subcommand that the throughput comparison starts.</summary>
internal static class GarnetCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var port = new Option<int>("--port") { Required = true, HelpName = "N", Description = "Where to listen, on the loopback" };
        var command = new Command(GarnetProcess.Command, "A Garnet server with its defaults, in memory.") { port };
        command.Hidden = true;
        command.SetAction(parsed => GarnetProcess.Run(Arguments.Number(parsed, port, 1, ushort.MaxValue)));
        return command;
    }
}
