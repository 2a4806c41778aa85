using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FastMixer.Protocol.Addresses;

/// <summary>How bytes travel to a server.</summary>
public enum Transport
{
    /// <summary>A TCP stream: <c>tcp://host:port</c>.</summary>
    Tcp,

    /// <summary>A Unix domain socket's stream: <c>unix:///path</c>.</summary>
    Unix,

    /// <summary>Datagrams: <c>udp://host:port</c>.</summary>
    Udp,
}

/// <summary>Where a server listens, as people write it: <c>tcp://127.0.0.1:9191</c>, <c>unix:///run/fastmixer.sock</c>. Immutable.</summary>
public sealed record MixerAddress
{
    /// <summary>The port that is meant where none is given.</summary>
    public const int DefaultPort = 9191;

    private static readonly SearchValues<char> NotInHosts = SearchValues.Create("/[]@?# ");

    private MixerAddress(Transport transport, string host, int port)
    {
        Transport = transport;
        Host = host;
        Port = port;
    }

    /// <summary>How bytes travel.</summary>
    public Transport Transport { get; }

    /// <summary>The host name or IP address; the path for a Unix domain socket.</summary>
    public string Host { get; }

    /// <summary>0 … 65535, where 0 asks for any free port; 0 for a Unix domain socket.</summary>
    public int Port { get; }

    /// <summary>Whether requests travel as a stream of frames.</summary>
    public bool IsStream => Transport != Transport.Udp;

    /// <summary>This address with the port that the system chose.</summary>
    /// <param name="port">1 … 65535.</param>
    public MixerAddress WithPort(int port) => new(Transport, Host, port);

    /// <summary>The same host and port by the other of TCP and UDP.</summary>
    /// <param name="transport">How bytes travel.</param>
    /// <exception cref="InvalidOperationException">A Unix domain socket has no host.</exception>
    public MixerAddress WithTransport(Transport transport) => Transport == Transport.Unix || transport == Transport.Unix
        ? throw new InvalidOperationException($"{this} can't become an address by {transport}: a Unix domain socket has no host.")
        : new(transport, Host, Port);

    /// <summary>Reads an address.</summary>
    /// <param name="text">What a person wrote.</param>
    /// <exception cref="FormatException">It is no address; the message says what would be.</exception>
    public static MixerAddress Parse(string text) =>
        TryParse(text, out MixerAddress? address, out string? problem) ? address : throw new FormatException(problem);

    /// <summary>Reads an address.</summary>
    /// <param name="text">What a person wrote.</param>
    /// <param name="address">The address.</param>
    /// <param name="problem">Why it is none, and what would be.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out MixerAddress? address, [NotNullWhen(false)] out string? problem)
    {
        address = null;
        problem = null;
        int colon = text.IndexOf("://", StringComparison.Ordinal);
        string scheme = colon < 0 ? "" : text[..colon];
        string rest = colon < 0 ? text : text[(colon + 3)..];
        switch (scheme)
        {
            case "unix" when rest.Length > 1 && rest[0] == '/':
                address = new MixerAddress(Transport.Unix, rest, 0);
                return true;
            case "unix":
                problem = $"'{text}' needs an absolute path, such as unix:///run/fastmixer.sock.";
                return false;
            case "tcp" or "udp":
                return TryParseHostAndPort(scheme == "tcp" ? Transport.Tcp : Transport.Udp, text, rest, out address, out problem);
            default:
                problem = $"'{text}' is no address: expected tcp://host:port, udp://host:port or unix:///path.";
                return false;
        }
    }

    /// <summary>The address as people write it.</summary>
    public override string ToString()
    {
        string host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        return Transport switch
        {
            Transport.Unix => $"unix://{Host}",
            Transport.Tcp => $"tcp://{host}:{Port}",
            _ => $"udp://{host}:{Port}",
        };
    }

    private static bool TryParseHostAndPort(
        Transport transport, string text, string rest, out MixerAddress? address, out string? problem)
    {
        address = null;
        problem = null;
        bool bracketed = rest.StartsWith('[');
        int close = rest.IndexOf(bracketed ? ']' : ':', StringComparison.Ordinal);
        string host = bracketed ? rest[1..Math.Max(close, 1)] : rest[..(close < 0 ? rest.Length : close)];
        string tail = close < 0 ? "" : rest[(bracketed ? close + 1 : close)..];
        int port = DefaultPort;
        bool hasPort = tail.Length == 0
            || (tail[0] == ':'
                && int.TryParse(tail.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
                && port <= ushort.MaxValue);
        string scheme = transport.ToString().ToLowerInvariant();
        if (host.Length == 0 || host.AsSpan().ContainsAny(NotInHosts))
        {
            problem = $"'{text}' names no host: expected {scheme}://host:port, with an IPv6 address in brackets.";
            return false;
        }

        if (!hasPort)
        {
            problem = $"'{text}' has no valid port: '{(tail[0] == ':' ? tail[1..] : tail)}' is not a number from 0 to 65535.";
            return false;
        }

        address = new MixerAddress(transport, host, port);
        return true;
    }
}
