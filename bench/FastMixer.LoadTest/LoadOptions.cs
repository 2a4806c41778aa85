using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Processes;
using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest;

/// <summary>What the command line asks for.</summary>
internal sealed record LoadOptions
{
    /// <summary>The server's address; null with <see cref="StartCommand"/> means one that it prints.</summary>
    public ServerAddress? Server { get; init; }

    /// <summary>The command that starts the server, or empty.</summary>
    public IReadOnlyList<string> StartCommand { get; init; } = [];

    /// <summary>Which of the addresses that a started server prints to use.</summary>
    public ServerScheme Transport { get; init; }

    /// <summary>How the server is driven.</summary>
    public required RoundSettings Load { get; init; }

    /// <summary>How requests differ, in request.path.</summary>
    public required KeySource Keys { get; init; }

    /// <summary>The attributes of a check, as JSON.</summary>
    public required string Attributes { get; init; }

    /// <summary>Whether to measure the floor too.</summary>
    public bool Floor { get; init; }

    /// <summary>The CPUs to use, or null to leave that to the system.</summary>
    public Placement? Pin { get; init; }

    /// <summary>The process of a server that this tool did not start.</summary>
    public int? ServerProcessId { get; init; }

    /// <summary>Whether to report in JSON.</summary>
    public bool Json { get; init; }
}
