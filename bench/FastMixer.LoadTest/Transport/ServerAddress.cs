using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FastMixer.LoadTest.Transport;

/// <summary>Where a server listens: tcp://host:port, unix:///path or udp://host:port.</summary>
internal sealed class ServerAddress
{
    private const string Forms = "expected tcp://host:port, udp://host:port or unix:///path";

    private ServerAddress(ServerScheme scheme, string text, EndPoint endPoint)
    {
        Scheme = scheme;
        Text = text;
        EndPoint = endPoint;
    }

    /// <summary>How messages travel.</summary>
    public ServerScheme Scheme { get; }

    /// <summary>The address as written.</summary>
    public string Text { get; }

    /// <summary>What to connect or bind to.</summary>
    public EndPoint EndPoint { get; }

    /// <summary>Whether messages are frames of a stream rather than datagrams.</summary>
    public bool Framed => Scheme is not ServerScheme.Udp;

    /// <summary>Whether it is on this machine, and reached without a network.</summary>
    public bool IsLoopback => EndPoint is not IPEndPoint { Address: var host } || IPAddress.IsLoopback(host);

    /// <summary>Reads an address and resolves its host.</summary>
    /// <param name="text">The address.</param>
    /// <param name="anyPort">Whether port 0 is allowed: for listening.</param>
    public static ServerAddress Parse(string text, bool anyPort = false)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri))
        {
            throw new LoadTestException($"'{text}' is no server address: {Forms}");
        }

        switch (uri.Scheme)
        {
            case "unix" when uri.Host.Length == 0 && uri.AbsolutePath.Length > 1:
                return new ServerAddress(ServerScheme.Unix, text, UnixEndPoint(Uri.UnescapeDataString(uri.AbsolutePath)));
            case "tcp" or "udp" when uri.Host.Length > 0 && (uri.Port > 0 || (anyPort && uri.Port == 0)) && uri.PathAndQuery is "" or "/":
                var endPoint = new IPEndPoint(Resolve(uri.DnsSafeHost), uri.Port);
                return new ServerAddress(uri.Scheme is "tcp" ? ServerScheme.Tcp : ServerScheme.Udp, text, endPoint);
            default:
                throw new LoadTestException($"'{text}' is no server address: {Forms}");
        }
    }

    /// <summary>Reads the name of a scheme.</summary>
    public static ServerScheme ParseScheme(string text) => text switch
    {
        "tcp" => ServerScheme.Tcp,
        "unix" => ServerScheme.Unix,
        "udp" => ServerScheme.Udp,
        _ => throw new LoadTestException($"--transport: '{text}' is none: expected tcp, unix or udp"),
    };

    /// <summary>The name of a scheme.</summary>
    public static string SchemeName(ServerScheme scheme) => scheme switch
    {
        ServerScheme.Unix => "unix",
        ServerScheme.Udp => "udp",
        _ => "tcp",
    };

    /// <summary>The address that a socket listening for this one has got.</summary>
    public string Bound(Socket socket) => Scheme is ServerScheme.Unix
        ? Text
        : string.Create(CultureInfo.InvariantCulture, $"{SchemeName(Scheme)}://{socket.LocalEndPoint}");

    /// <summary>A new socket of the kind that the address needs.</summary>
    public Socket CreateSocket() => Scheme switch
    {
        ServerScheme.Unix => new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified),
        ServerScheme.Udp => new Socket(EndPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp),
        _ => new Socket(EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
    };

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static UnixDomainSocketEndPoint UnixEndPoint(string path)
    {
        try
        {
            return new UnixDomainSocketEndPoint(path);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new LoadTestException($"the socket path {path} is longer than the system allows");
        }
    }

    private static IPAddress Resolve(string host)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return address;
        }

        try
        {
            var all = Dns.GetHostAddresses(host);
            return Array.Find(all, candidate => candidate.AddressFamily is AddressFamily.InterNetwork) ?? all[0];
        }
        catch (SocketException e)
        {
            throw new LoadTestException($"the host {host} can't be resolved: {e.Message}");
        }
    }
}
