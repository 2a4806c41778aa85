using System.Net;
using System.Net.Sockets;

namespace FastMixer.Adapters.Tests.Prometheus;

/// <summary>Finds a port that nobody listens at, for listeners that cannot ask for any.</summary>
internal static class FreePort
{
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
