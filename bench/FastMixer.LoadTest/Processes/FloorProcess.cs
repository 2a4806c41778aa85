using System.Globalization;
using FastMixer.LoadTest.Dialects;
using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest.Processes;

/// <summary>Starts the floor as a child process: this executable with the hidden subcommand.</summary>
internal static class FloorProcess
{
    /// <summary>Starts a floor that listens on the same sort of address as the server.</summary>
    public static ChildServer Start(ServerAddress server, int requestBytes, int answerBytes, int? cpu, CancellationToken cancellation)
    {
        var listen = server.Scheme switch
        {
            ServerScheme.Unix => $"unix://{Path.Combine(Path.GetTempPath(), $"fastmixer-floor-{Environment.ProcessId}.sock")}",
            ServerScheme.Udp => "udp://127.0.0.1:0",
            _ => "tcp://127.0.0.1:0",
        };

        return ChildServer.Start(
            "the floor",
            [
                .. ThisProgram.Command(), FloorServer.Command,
                "--listen", listen,
                "--request-bytes", requestBytes.ToString(CultureInfo.InvariantCulture),
                "--answer-bytes", answerBytes.ToString(CultureInfo.InvariantCulture),
            ],
            cpu,
            cancellation);
    }

    /// <summary>The side of a floor: it gets the bytes that the server gets.</summary>
    public static Contestant Contestant(ChildServer floor, Target server) => new(
        "floor",
        server with
        {
            Address = ServerAddress.Parse(floor.Address(ServerAddress.SchemeName(server.Address.Scheme))),
            Dialect = FloorDialect.Instance,
            ProcessId = floor.ProcessId,
        },
        floor);
}
