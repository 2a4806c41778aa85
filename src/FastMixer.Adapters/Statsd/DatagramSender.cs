using System.Net;
using System.Net.Sockets;

namespace FastMixer.Adapters.Statsd;

/// <summary>
/// Sends datagrams to one address. The socket is connected, so that a machine that says that nobody listens there makes the next datagram fail; the name
/// is looked up again then. One call at a time.
/// </summary>
internal sealed class DatagramSender(BackendAddress address) : IDisposable
{
    private Socket? _socket;

    /// <summary>Sends a datagram. No allocation while the socket takes it at once.</summary>
    /// <exception cref="SocketException">It was not sent.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> datagram, CancellationToken cancellationToken)
    {
        try
        {
            _socket ??= await ConnectAsync(cancellationToken).ConfigureAwait(false);
            await _socket.SendAsync(datagram, SocketFlags.None, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    // Daemons listen on IPv4 unless told otherwise, and a datagram to where nobody listens is lost before it can be known.
    private async ValueTask<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        IPAddress[] found = await Dns.GetHostAddressesAsync(address.Host, cancellationToken).ConfigureAwait(false);
        IPAddress ip = Array.Find(found, ip => ip.AddressFamily == AddressFamily.InterNetwork) ?? found[0];
        var socket = new Socket(ip.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(ip, address.Port), cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
