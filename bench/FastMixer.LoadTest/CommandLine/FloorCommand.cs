using System.CommandLine;
using FastMixer.LoadTest.Processes;
using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest.CommandLine;

/// <summary>The hidden subcommand that --floor starts.</summary>
internal static class FloorCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var listen = new Option<string>("--listen") { Required = true, HelpName = "URI", Description = "Where to listen; port 0 picks one" };
        var request = new Option<int>("--request-bytes") { Required = true, HelpName = "N", Description = "Bytes of a request" };
        var answer = new Option<int>("--answer-bytes") { Required = true, HelpName = "M", Description = "Bytes of its answer" };
        var command = new Command(FloorServer.Command, "Answers every N bytes with M bytes.") { listen, request, answer };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            var bytes = parsed.GetValue(request);
            return bytes is > 0 and <= 65_536
                ? FloorServer.Run(ServerAddress.Parse(parsed.GetValue(listen)!, anyPort: true), bytes, parsed.GetValue(answer))
                : throw new LoadTestException("--request-bytes: expected 1 to 65536");
        });
        return command;
    }
}
