using System.Net;
using System.Net.Sockets;

namespace FastMixer.LoadTest.Processes;

/// <summary>Ports for servers that cannot be asked which one they got for port 0.</summary>
internal static class FreePort
{
    /// <summary>A port of the loopback that was free a moment ago: it still is, but for a rare accident that the server will complain of.</summary>
    public static int Find()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
