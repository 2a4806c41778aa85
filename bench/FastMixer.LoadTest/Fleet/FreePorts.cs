using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FastMixer.LoadTest.Fleet;

/// <summary>
/// Ports of the loopback that nobody has, outside the range from which the system gives ports to those that connect: while a server is down, one of its clients
/// might get its port else.
/// </summary>
internal static class FreePorts
{
    private const string RangeFile = "/proc/sys/net/ipv4/ip_local_port_range";
    private const int First = 10_000;
    private const int UsualEnd = 32_768;
    private const int Attempts = 10_000;

    /// <summary>Finds ports.</summary>
    /// <param name="count">How many.</param>
    public static IReadOnlyList<int> Find(int count)
    {
        var end = File.Exists(RangeFile)
            ? int.Parse(File.ReadAllText(RangeFile).Split('\t', ' ')[0], CultureInfo.InvariantCulture)
            : UsualEnd;
        var ports = new HashSet<int>();
        for (var attempt = 0; attempt < Attempts && ports.Count < count; attempt++)
        {
            var port = end > First ? Random.Shared.Next(First, end) : Random.Shared.Next(First, ushort.MaxValue);
            if (IsFree(port))
            {
                ports.Add(port);
            }
        }

        return ports.Count == count ? [.. ports] : throw new LoadTestException($"can't find {count} free ports from {First} to {end}");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
