using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FastMixer.LoadTest.Processes;

/// <summary>
/// Ports of the loopback that nobody has, for servers that cannot be asked which one they got for port 0, or are started again where they were. Outside the range
/// from which the system gives ports to those that connect: while a server is down, one of its clients might get its port else.
/// </summary>
internal static class FreePorts
{
    private const string RangeFile = "/proc/sys/net/ipv4/ip_local_port_range";
    private const int First = 10_000;
    private const int UsualEnd = 32_768;
    private const int Attempts = 10_000;

    /// <summary>Finds a port that was free a moment ago: it still is, but for a rare accident that the server will complain of.</summary>
    public static int Find() => Find(1)[0];

    /// <summary>Finds ports, all different.</summary>
    /// <param name="count">How many.</param>
    public static IReadOnlyList<int> Find(int count)
    {
        var end = End();
        var ports = new HashSet<int>();
        for (var attempt = 0; attempt < Attempts && ports.Count < count; attempt++)
        {
            var port = Random.Shared.Next(First, end);
            if (IsFree(port))
            {
                ports.Add(port);
            }
        }

        return ports.Count == count ? [.. ports] : throw new LoadTestException($"can't find {count} free ports from {First} to {end}");
    }

    // A range that begins lower than ports are taken from leaves nothing below it.
    private static int End()
    {
        var begin = File.Exists(RangeFile) ? int.Parse(File.ReadAllText(RangeFile).Split('\t', ' ')[0], CultureInfo.InvariantCulture) : UsualEnd;
        return begin > First ? begin : ushort.MaxValue;
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
