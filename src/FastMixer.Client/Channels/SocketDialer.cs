using System.Net;
using System.Net.Sockets;
using FastMixer.Protocol.Addresses;

namespace FastMixer.Client.Channels;

/// <summary>Makes connected sockets.</summary>
internal static class SocketDialer
{
    /// <summary>Connects to a server; for UDP, fixes the address that datagrams go to and come from.</summary>
    /// <param name="address">The server.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="SocketException">The system says why not.</exception>
    /// <exception cref="ArgumentException">The path of a Unix domain socket is longer than the system takes.</exception>
    public static async Task<Socket> ConnectAsync(MixerAddress address, CancellationToken cancellationToken)
    {
        EndPoint endPoint = await ResolveAsync(address, cancellationToken).ConfigureAwait(false);
        Socket socket = address.Transport switch
        {
            Transport.Unix => new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified),
            Transport.Udp => new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp),
            _ when endPoint is IPEndPoint => new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
            _ => new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
        };
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<EndPoint> ResolveAsync(MixerAddress address, CancellationToken cancellationToken)
    {
        if (address.Transport == Transport.Unix)
        {
            return new UnixDomainSocketEndPoint(address.Host);
        }

        if (IPAddress.TryParse(address.Host, out IPAddress? ip))
        {
            return new IPEndPoint(ip, address.Port);
        }

        if (address.Transport == Transport.Tcp)
        {
            // The socket itself tries all addresses of the name, one after the other.
            return new DnsEndPoint(address.Host, address.Port);
        }

        // A datagram socket connects to anything, so there is one guess: IPv4, which a server on all addresses hears as well.
        IPAddress[] all = await Dns.GetHostAddressesAsync(address.Host, cancellationToken).ConfigureAwait(false);
        IPAddress best = Array.Find(all, static candidate => candidate.AddressFamily == AddressFamily.InterNetwork)
            ?? (all.Length > 0 ? all[0] : throw new SocketException((int)SocketError.HostNotFound));
        return new IPEndPoint(best, address.Port);
    }
}
