using System.Net;
using System.Net.Sockets;

namespace FastMixer.LoadTest.Processes;

/// <summary>
/// The floor of datagrams: one thread that receives and answers with blocking calls, which is the least that the framework can do.
/// </summary>
internal static class FloorDatagrams
{
    private const int MaxDatagramBytes = 65_536;

    /// <summary>Serves a bound socket from a thread of its own.</summary>
    public static void Start(Socket socket, int requestBytes, byte[] answer)
    {
        var thread = new Thread(() => Serve(socket, requestBytes, answer)) { IsBackground = true, Name = "floor datagrams" };
        thread.Start();
    }

    private static void Serve(Socket socket, int requestBytes, byte[] answer)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(MaxDatagramBytes, pinned: true);
        var sender = new SocketAddress(socket.AddressFamily);
        while (true)
        {
            try
            {
                if (socket.ReceiveFrom(buffer, SocketFlags.None, sender) == requestBytes)
                {
                    socket.SendTo(answer, SocketFlags.None, sender);
                }
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionRefused)
            {
                // A client that is gone does not end the floor.
            }
        }
    }
}
