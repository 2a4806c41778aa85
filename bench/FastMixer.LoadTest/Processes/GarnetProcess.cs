using System.Globalization;
using System.Net;
using FastMixer.LoadTest.Transport;
using Garnet;
using Garnet.server;

namespace FastMixer.LoadTest.Processes;

/// <summary>Garnet, which comes as a library: this executable with a hidden subcommand is its server.</summary>
internal static class GarnetProcess
{
    /// <summary>The hidden subcommand that runs it.</summary>
    public const string Command = "garnet";

    /// <summary>Starts it on a free port of the loopback.</summary>
    public static (ChildServer Process, ServerAddress Address) Start(int? cpu, CancellationToken cancellation)
    {
        var port = FreePorts.Find();
        var process = ChildServer.Start(
            "garnet", [.. ThisProgram.Command(), Command, "--port", port.ToString(CultureInfo.InvariantCulture)], cpu, cancellation);
        return (process, ServerAddress.Parse(process.Address("tcp")));
    }

    /// <summary>Serves until SIGTERM, or until the parent process ends.</summary>
    public static int Run(int port)
    {
        Native.DieWithParent();
        using var stop = new StopSignal();
        var options = new GarnetServerOptions
        {
            EndPoints = [new IPEndPoint(IPAddress.Loopback, port)],
            LogMemorySize = "256m",
            IndexMemorySize = "16m",
            DisableObjects = true,
            QuietMode = true,
        };
        using var server = new GarnetServer(options);
        server.Start();
        stop.ServeAt(string.Create(CultureInfo.InvariantCulture, $"tcp://127.0.0.1:{port}"));
        return ExitCode.Clean;
    }
}
