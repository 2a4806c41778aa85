using System.Globalization;
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
                .. ThisProgram(), FloorServer.Command,
                "--listen", listen,
                "--request-bytes", requestBytes.ToString(CultureInfo.InvariantCulture),
                "--answer-bytes", answerBytes.ToString(CultureInfo.InvariantCulture),
            ],
            cpu,
            cancellation);
    }

    private static string[] ThisProgram()
    {
        var path = Environment.ProcessPath ?? throw new LoadTestException("can't tell the path of this program to start the floor");
        return Path.GetFileNameWithoutExtension(path) is "dotnet"
            ? [path, Path.Combine(AppContext.BaseDirectory, $"{typeof(FloorProcess).Assembly.GetName().Name}.dll")]
            : [path];
    }
}
