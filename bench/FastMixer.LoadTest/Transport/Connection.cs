using System.Net.Sockets;

namespace FastMixer.LoadTest.Transport;

/// <summary>
/// One connection to a server: requests are queued, then sent together; answers are received, then taken one by one. All calls
/// block and none allocates. For one thread; another one may call
/// <see cref="Send"/> in its place.
/// </summary>
internal abstract class Connection : IDisposable
{
    private readonly TimeSpan _timeout;
    private readonly byte[] _sendBuffer;
    private int _queued;

    /// <summary>Connects.</summary>
    /// <param name="address">The server.</param>
    /// <param name="timeout">How long a receive waits.</param>
    /// <param name="sendCapacity">Bytes that can be queued.</param>
    protected Connection(ServerAddress address, TimeSpan timeout, int sendCapacity)
    {
        Address = address;
        _timeout = timeout;
        _sendBuffer = GC.AllocateUninitializedArray<byte>(sendCapacity, pinned: true);
        Socket = address.CreateSocket();
        try
        {
            // A socket that no asynchronous call has touched stays a blocking one: each call is one system call.
            Socket.ReceiveTimeout = Math.Max(1, (int)timeout.TotalMilliseconds);
            Socket.SendTimeout = Socket.ReceiveTimeout;
            Socket.Connect(address.EndPoint);
        }
        catch (SocketException e)
        {
            Socket.Dispose();
            var missing = address.EndPoint is UnixDomainSocketEndPoint path && !File.Exists(path.ToString());
            var reason = missing ? "there is no such socket" : new SocketException(e.ErrorCode).Message;
            throw new LoadTestException($"can't reach the server at {address}: {reason}");
        }
    }

    /// <summary>The server.</summary>
    public ServerAddress Address { get; }

    /// <summary>The descriptor, to poll.</summary>
    public int Descriptor => (int)Socket.Handle;

    /// <summary>The socket.</summary>
    protected Socket Socket { get; }

    /// <summary>What is queued and not sent.</summary>
    protected ReadOnlySpan<byte> Queued => _sendBuffer.AsSpan(0, _queued);

    /// <summary>Makes receives wait no longer than a time, from now on.</summary>
    public void LimitWaits(TimeSpan time) => Socket.ReceiveTimeout = (int)time.TotalMilliseconds;

    /// <summary>Room for one message of the given length at the end of the queue.</summary>
    public Span<byte> Enqueue(int length)
    {
        var room = _sendBuffer.AsSpan(_queued, length);
        _queued += length;
        return room;
    }

    /// <summary>Sends what is queued.</summary>
    public void Flush()
    {
        if (_queued > 0)
        {
            SendQueued();
            _queued = 0;
        }
    }

    /// <summary>Sends one message that is not queued.</summary>
    public abstract void Send(ReadOnlySpan<byte> message);

    /// <summary>Waits for bytes; false if none came in time.</summary>
    public abstract bool Receive();

    /// <summary>Takes the body of the next message received; false if there is none.</summary>
    public abstract bool TryTake(out ReadOnlySpan<byte> body);

    /// <inheritdoc/>
    public void Dispose()
    {
        Socket.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Sends <see cref="Queued"/>.</summary>
    protected abstract void SendQueued();

    /// <summary>Whether an error means no more than that nothing came in time.</summary>
    protected static bool IsTimeout(SocketError error) => error is SocketError.TimedOut or SocketError.WouldBlock;

    /// <summary>The failure that a socket error amounts to.</summary>
    protected LoadTestException Broken(SocketError error) => new(error switch
    {
        SocketError.TimedOut or SocketError.WouldBlock => $"the server at {Address} took no bytes for {_timeout.TotalSeconds:0.###} s",
        SocketError.ConnectionRefused => $"can't reach the server at {Address}: connection refused",
        _ => $"the connection to {Address} broke: {new SocketException((int)error).Message}",
    });
}
