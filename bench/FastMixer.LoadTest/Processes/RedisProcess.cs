using System.Globalization;
using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest.Processes;

/// <summary>Starts a Redis server that keeps nothing on disk.</summary>
internal static class RedisProcess
{
    /// <summary>Starts it on a free port of the loopback.</summary>
    /// <param name="executable">redis-server, or one that takes its options (valkey-server).</param>
    /// <param name="cpu">The CPU to bind it to, or null.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The process, and where it listens.</returns>
    public static (ChildServer Process, ServerAddress Address) Start(string executable, int? cpu, CancellationToken cancellation)
    {
        if (!InstalledPrograms.Has(executable))
        {
            throw new LoadTestException(
                $"there is no {executable}: install it (Debian and Ubuntu: apt-get install redis-server), name another by --redis, or leave it out by --peers garnet");
        }

        var port = FreePorts.Find();
        var process = ChildServer.Start(
            "redis",
            [executable, "--bind", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture), "--save", "", "--appendonly", "no", "--daemonize", "no"],
            cpu,
            cancellation,
            readyWords: "Ready to accept connections");
        return (process, ServerAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"tcp://127.0.0.1:{port}")));
    }
}
