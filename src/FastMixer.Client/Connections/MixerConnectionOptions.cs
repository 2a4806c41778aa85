using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Client.Connections;

/// <summary>Which server a <see cref="MixerConnection"/> talks to, and how. Immutable.</summary>
public sealed record MixerConnectionOptions
{
    /// <summary>Where the server listens.</summary>
    public required MixerAddress Server { get; init; }

    /// <summary>What this client calls itself towards the server's operator: at most 256 bytes of UTF-8.</summary>
    public string Name { get; init; } = "fastmixer-client";

    /// <summary>
    /// What each check, and the first record of each report, inherits. Said once for each connection, so streams only: with an
    /// <c>udp://</c> server it must be null. Encoded when the client is made; the writer is free afterwards.
    /// </summary>
    public AttributeWriter? BaseAttributes { get; init; }

    /// <summary>
    /// How long a call waits for its answer, connecting included. Noticed up to a sixteenth late. Checks tell it to the server, which does not work
    /// for an answer that nobody waits for.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a new connection may take until the server has welcomed it.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The pause after a first failed attempt to connect. It doubles with each further one, up to <see cref="MaxReconnectDelay"/>; each
    /// pause is between half of that and the whole, by chance, so that clients do not come back all at once.
    /// </summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest pause between attempts to connect.</summary>
    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many calls may wait for answers on one connection, 1 to 65,536. A further one fails at once.</summary>
    public int MaxInFlight { get; init; } = 1024;

    /// <summary>
    /// Datagrams are padded to this many bytes, 16 to 8,192: an answer is never longer than what asked for it (protocol.md, section 8).
    /// </summary>
    public int DatagramPadding { get; init; } = 256;

    /// <summary>How often a datagram is sent, at most, while no answer comes; spread evenly over the time that it waits.</summary>
    public int DatagramAttempts { get; init; } = 3;

    /// <summary>
    /// Whether what awaits an answer goes on in the thread pool. False saves the hop, but then the connection receives nothing while it
    /// runs: it must never block.
    /// </summary>
    public bool RunContinuationsAsynchronously { get; init; } = true;
}
