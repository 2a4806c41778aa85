using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Wire;
using FastMixer.Server.Overload;

namespace FastMixer.Server.Hosting;

/// <summary>How a server is to be run. Immutable.</summary>
public sealed record MixerServerOptions
{
    /// <summary>Where to listen; at least one. Port 0 asks for any free port.</summary>
    public required IReadOnlyList<MixerAddress> Listen { get; init; }

    /// <summary>What is accepted of peers.</summary>
    public ProtocolLimits Limits { get; init; } = ProtocolLimits.Default;

    /// <summary>The server's name and version, as the welcome tells it.</summary>
    public string Software { get; init; } = "fastmixer/" + typeof(MixerServerOptions).Assembly.GetName().Version?.ToString(3);

    /// <summary>When load is shed.</summary>
    public OverloadOptions Overload { get; init; } = new();

    /// <summary>How many threads poll the sockets, as the runtime was told; each is watched for being late.</summary>
    public int PollingThreads { get; init; } = 1;

    /// <summary>How long clients may take to leave when the server stops, before their connections are closed.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Connections that the system may hold until they are accepted.</summary>
    public int Backlog { get; init; } = 1024;

    /// <summary>Bytes of datagrams that the system may hold until they are read.</summary>
    public int DatagramBufferBytes { get; init; } = 4 * 1024 * 1024;
}
