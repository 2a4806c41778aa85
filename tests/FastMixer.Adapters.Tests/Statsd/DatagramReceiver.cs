using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FastMixer.Adapters.Tests.Statsd;

/// <summary>Listens on a port of its own and keeps every datagram.</summary>
internal sealed class DatagramReceiver : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 8 * 1024 * 1024 };
    private readonly ConcurrentQueue<string> _datagrams = new();
    private readonly Task _receiving;

    public DatagramReceiver(int port = 0)
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _receiving = ReceiveAsync();
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)_socket.LocalEndPoint!).Port}";

    /// <summary>The datagrams so far, in order.</summary>
    public IReadOnlyList<string> Datagrams => [.. _datagrams];

    /// <summary>Their lines; a line that the grammar does not have fails the test.</summary>
    public IReadOnlyList<StatsdLine> Lines => [.. _datagrams.SelectMany(datagram => datagram.Split('\n')).Select(StatsdLine.Parse)];

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _receiving;
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                int length = await _socket.ReceiveAsync(buffer, SocketFlags.None);
                _datagrams.Enqueue(Encoding.UTF8.GetString(buffer, 0, length));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            Assert.False(_socket.Connected);
        }
    }
}
