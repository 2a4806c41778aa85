using System.Globalization;
using System.Text;
using FastMixer.LoadTest.Backend;
using FastMixer.LoadTest.CommandLine;
using FastMixer.LoadTest.Dialects;
using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest.Processes;

/// <summary>The backend that an experiment starts: this executable with a subcommand.</summary>
internal sealed class BackendProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private BackendProcess(ChildServer process)
    {
        Process = process;
        Address = ServerAddress.Parse(process.Address("tcp"));
    }

    /// <summary>Its process; belongs to who has started it.</summary>
    public ChildServer Process { get; }

    /// <summary>Where it listens.</summary>
    public ServerAddress Address { get; }

    /// <summary>Starts a backend.</summary>
    public static BackendProcess Start(BackendOptions options, int? cpu, CancellationToken cancellation)
    {
        List<string> command =
        [
            .. ThisProgram.Command(), BackendServer.Command, "--child",
            "--listen", options.Listen.Text,
            "--delay", DurationText.Format(options.Delay),
            "--availability", options.Availability.ToString(CultureInfo.InvariantCulture),
            "--manner", options.Manner.ToString(),
            "--max-age", DurationText.Format(options.MaxAge),
            "--seed", options.Seed.ToString(CultureInfo.InvariantCulture),
        ];
        if (options.Outages.Outages.Count > 0)
        {
            command.AddRange(["--outage", options.Outages.ToString()]);
        }

        return new BackendProcess(ChildServer.Start("the backend", command, cpu, cancellation));
    }

    /// <summary>What it has counted so far.</summary>
    public BackendStatistics ReadStatistics() => Ask($"GET {BackendStatistics.Path}");

    /// <summary>Makes it begin anew, as if nothing had been asked yet.</summary>
    public void Restart() => Ask($"POST {BackendServer.RestartPath}");

    private BackendStatistics Ask(string request)
    {
        using var connection = new HttpConnection(Address, Patience, sendCapacity: 1);
        connection.Send(Encoding.ASCII.GetBytes($"{request} HTTP/1.1\r\n\r\n"));
        while (connection.Receive())
        {
            if (connection.TryTake(out var answer))
            {
                return BackendStatistics.Read(answer[(answer.IndexOf("\r\n\r\n"u8) + 4)..]);
            }
        }

        throw new LoadTestException($"the backend at {Address} did not answer {request} within {Patience.TotalSeconds} s");
    }
}
