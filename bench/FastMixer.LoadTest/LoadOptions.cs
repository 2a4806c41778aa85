using FastMixer.LoadTest.Processes;
using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest;

/// <summary>What the command line asks for.</summary>
internal sealed record LoadOptions
{
    /// <summary>The most requests in flight on a connection of an open loop: the default of the protocol's limit.</summary>
    public const int OpenLoopDepth = 1024;

    /// <summary>The server's address; null with <see cref="StartCommand"/> means one that it prints.</summary>
    public ServerAddress? Server { get; init; }

    /// <summary>The command that starts the server, or empty.</summary>
    public IReadOnlyList<string> StartCommand { get; init; } = [];

    /// <summary>Which of the addresses that a started server prints to use.</summary>
    public ServerScheme Transport { get; init; }

    /// <summary>How many connections, a thread each.</summary>
    public required int Connections { get; init; }

    /// <summary>Requests in flight on a connection, or null for the default.</summary>
    public int? Depth { get; init; }

    /// <summary>Requests per second of an open loop; null means a closed loop.</summary>
    public double? Rate { get; init; }

    /// <summary>How long a round measures.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How long a round runs before it measures.</summary>
    public required TimeSpan Warmup { get; init; }

    /// <summary>How long to wait for an answer.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>How many values request.path takes.</summary>
    public required int Keys { get; init; }

    /// <summary>The attributes of a check, as JSON.</summary>
    public required string Attributes { get; init; }

    /// <summary>Whether to measure the floor too.</summary>
    public bool Floor { get; init; }

    /// <summary>How many rounds.</summary>
    public required int Rounds { get; init; }

    /// <summary>The CPUs to use, or null to leave that to the system.</summary>
    public Placement? Pin { get; init; }

    /// <summary>The process of a server that this tool did not start.</summary>
    public int? ServerProcessId { get; init; }

    /// <summary>Whether to report in JSON.</summary>
    public bool Json { get; init; }

    /// <summary>Requests in flight on a connection.</summary>
    public int EffectiveDepth => Depth ?? (Rate is null ? 1 : OpenLoopDepth);
}
