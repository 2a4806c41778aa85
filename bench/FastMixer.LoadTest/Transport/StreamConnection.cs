using System.Net.Sockets;

namespace FastMixer.LoadTest.Transport;

/// <summary>A connection over TCP or a Unix domain socket; how messages are told apart is for the derived class.</summary>
internal abstract class StreamConnection(ServerAddress address, TimeSpan timeout, int sendCapacity)
    : Connection(address, timeout, sendCapacity)
{
    /// <summary>The longest message: far above a verdict's, and enough that a thousand answers come in with one call.</summary>
    protected const int MaxMessageBytes = 256 * 1024;

    private readonly byte[] _received = GC.AllocateUninitializedArray<byte>(MaxMessageBytes, pinned: true);
    private int _start;
    private int _end;

    /// <inheritdoc/>
    public override void Send(ReadOnlySpan<byte> message)
    {
        while (!message.IsEmpty)
        {
            var sent = Socket.Send(message, SocketFlags.None, out var error);
            if (error is not SocketError.Success)
            {
                throw Broken(error);
            }

            message = message[sent..];
        }
    }

    /// <inheritdoc/>
    public override bool Receive()
    {
        if (_start > 0)
        {
            _received.AsSpan(_start.._end).CopyTo(_received);
            _end -= _start;
            _start = 0;
        }

        if (_end == _received.Length)
        {
            throw new LoadTestException($"the server at {Address} sent a message of more than {MaxMessageBytes} bytes");
        }

        var count = Socket.Receive(_received.AsSpan(_end), SocketFlags.None, out var error);
        if (error is not SocketError.Success)
        {
            return IsTimeout(error) ? false : throw Broken(error);
        }

        if (count == 0)
        {
            throw new LoadTestException($"the server at {Address} closed the connection");
        }

        _end += count;
        return true;
    }

    /// <inheritdoc/>
    public override bool TryTake(out ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> received = _received.AsSpan(_start.._end);
        var length = TryFind(received, out var range);
        body = length == 0 ? default : received[range];
        _start += length;
        return length > 0;
    }

    /// <summary>Finds the first message of the bytes received.</summary>
    /// <param name="received">The bytes that no message was taken from yet.</param>
    /// <param name="body">Where the body of the message stands in them.</param>
    /// <returns>The bytes of the whole message; 0 if it is not whole.</returns>
    /// <exception cref="LoadTestException">They are no message of this protocol.</exception>
    protected abstract int TryFind(ReadOnlySpan<byte> received, out Range body);

    /// <inheritdoc/>
    protected override void SendQueued() => Send(Queued);
}
