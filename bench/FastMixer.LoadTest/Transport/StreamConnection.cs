using System.Buffers.Binary;
using System.Net.Sockets;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Transport;

/// <summary>A connection over TCP or a Unix domain socket.</summary>
internal sealed class StreamConnection(ServerAddress address, TimeSpan timeout, int sendCapacity)
    : Connection(address, timeout, sendCapacity)
{
    // Far above a verdict's length, and enough that a thousand answers come in with one call.
    private const int ReceiveBytes = 256 * 1024;

    private readonly byte[] _received = GC.AllocateUninitializedArray<byte>(ReceiveBytes, pinned: true);
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
        body = default;
        var available = _end - _start;
        if (available < MessageFrame.PrefixBytes)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(_received.AsSpan(_start));
        if (length > ReceiveBytes - MessageFrame.PrefixBytes)
        {
            throw new LoadTestException($"the server at {Address} sent a frame of {length} bytes: is it a FastMixer server?");
        }

        if (available - MessageFrame.PrefixBytes < length)
        {
            return false;
        }

        body = _received.AsSpan(_start + MessageFrame.PrefixBytes, (int)length);
        _start += MessageFrame.PrefixBytes + (int)length;
        return true;
    }

    /// <inheritdoc/>
    protected override void SendQueued() => Send(Queued);
}
