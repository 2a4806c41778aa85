using System.Net;
using System.Net.Sockets;
using FastMixer.Protocol.Addresses;

namespace FastMixer.Server.Transports;

/// <summary>Sockets bound to an address, with errors that an operator understands.</summary>
internal static class ListenSocket
{
    /// <summary>A bound socket for an address.</summary>
    /// <exception cref="ListenException">The address cannot be had; the message says why.</exception>
    public static Socket Bind(MixerAddress address)
    {
        EndPoint endPoint = Resolve(address);
        Socket socket = address.Transport switch
        {
            Transport.Tcp => new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp),
            Transport.Udp => new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp),
            _ => new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified),
        };
        try
        {
            // ReuseAddress stays off: on Linux it would let a second server share the port, silently.
            socket.Bind(endPoint);
            return socket;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new ListenException($"Cannot listen at {address}: {Explain(address, exception)}", exception);
        }
    }

    /// <summary>The address with the port that the system chose.</summary>
    public static MixerAddress BoundAddress(MixerAddress asked, Socket socket) =>
        socket.LocalEndPoint is IPEndPoint endPoint ? asked.WithPort(endPoint.Port) : asked;

    private static EndPoint Resolve(MixerAddress address)
    {
        if (address.Transport == Transport.Unix)
        {
            RemoveStaleSocket(address);
            return UnixEndPoint(address);
        }

        if (IPAddress.TryParse(address.Host, out IPAddress? ip))
        {
            return new IPEndPoint(ip, address.Port);
        }

        if (address.Host == "*")
        {
            return new IPEndPoint(IPAddress.IPv6Any, address.Port);
        }

        try
        {
            return new IPEndPoint(Dns.GetHostAddresses(address.Host)[0], address.Port);
        }
        catch (SocketException exception)
        {
            throw new ListenException($"Cannot listen at {address}: the host name '{address.Host}' does not resolve.", exception);
        }
    }

    private static UnixDomainSocketEndPoint UnixEndPoint(MixerAddress address)
    {
        try
        {
            return new UnixDomainSocketEndPoint(address.Host);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new ListenException($"Cannot listen at {address}: a socket's path has at most 107 bytes.", exception);
        }
    }

    // A server that was killed leaves its socket file; one that answers is still alive, and its file is not ours to take.
    private static void RemoveStaleSocket(MixerAddress address)
    {
        if (!File.Exists(address.Host))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(UnixEndPoint(address));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(address.Host);
            return;
        }
        catch (SocketException exception)
        {
            throw new ListenException($"Cannot listen at {address}: {address.Host} is there and is no socket of a stopped server.", exception);
        }

        throw new ListenException($"Cannot listen at {address}: another server listens there.", null);
    }

    private static string Explain(MixerAddress address, SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "another process listens there. Choose another port, or 0 for any free one.",
        SocketError.AccessDenied => "the system does not allow it (ports below 1024 need a privilege).",
        SocketError.AddressNotAvailable when address.Transport == Transport.Unix => $"the folder of {address.Host} does not exist.",
        SocketError.AddressNotAvailable => $"{address.Host} is no address of this machine.",
        _ => exception.Message,
    };
}

/// <summary>An address that the server cannot listen at. The message is for the operator.</summary>
public sealed class ListenException : Exception
{
    /// <summary>An exception without a message.</summary>
    public ListenException()
    {
    }

    /// <summary>An exception with a message.</summary>
    /// <param name="message">What is wrong, and what would be right.</param>
    public ListenException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a message and a cause.</summary>
    /// <param name="message">What is wrong, and what would be right.</param>
    /// <param name="inner">The cause.</param>
    public ListenException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
