using System.Net;
using System.Net.Sockets;

namespace FastMixer.Server.Overload;

/// <summary>
/// The sockets that are readable and wait for a thread that polls them. The probe is a byte to a socket of its own, which queues for the thread as any
/// connection does.
/// </summary>
internal sealed class LoopQueue : ProbedQueue
{
    private readonly Socket _sender = NewSocket();
    private readonly Socket _receiver = NewSocket();
    private readonly SocketAsyncEventArgs _receive = new();
    private bool _disposed;

    /// <summary>The queue of the next polling thread in turn, as the runtime hands out sockets.</summary>
    public LoopQueue(OverloadMonitor monitor)
        : base(monitor)
    {
        _receiver.Connect(_sender.LocalEndPoint!);
        _sender.Connect(_receiver.LocalEndPoint!);
        _receive.SetBuffer(new byte[1]);
        _receive.Completed += (_, _) => OnReceived();
        TryReceive();
    }

    /// <inheritdoc/>
    protected override bool MayLose => false;

    /// <inheritdoc/>
    protected override bool TryPost()
    {
        try
        {
            return _sender.Send([0]) == 1;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Out of memory for a byte, or the end of the server: nothing is measured this time.
            return false;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Volatile.Write(ref _disposed, true);
        _receiver.Dispose();
        _sender.Dispose();
        _receive.Dispose();
    }

    private static Socket NewSocket()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    // The receive is under way before the probe is sent again: one that found it there would not have queued.
    private void OnReceived()
    {
        bool again = Arrive();
        if (TryReceive() && again)
        {
            Send();
        }
    }

    // False once there is nothing to receive on.
    private bool TryReceive()
    {
        try
        {
            while (!Volatile.Read(ref _disposed) && !_receiver.ReceiveAsync(_receive))
            {
                Arrive();
            }

            return !Volatile.Read(ref _disposed);
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }
}
