using System.Net.Sockets;

namespace FastMixer.LoadTest.Transport;

/// <summary>A connected UDP socket: a message a datagram, all queued messages of one length.</summary>
internal sealed class DatagramConnection(ServerAddress address, TimeSpan timeout, int messageBytes, int depth)
    : Connection(address, timeout, messageBytes * depth)
{
    private const int MaxDatagramBytes = 65_536;

    private readonly byte[] _received = GC.AllocateUninitializedArray<byte>(MaxDatagramBytes, pinned: true);
    private int _length;

    /// <inheritdoc/>
    public override void Send(ReadOnlySpan<byte> message)
    {
        Socket.Send(message, SocketFlags.None, out var error);
        if (error is not SocketError.Success)
        {
            throw Broken(error);
        }
    }

    /// <inheritdoc/>
    public override bool Receive()
    {
        _length = Socket.Receive(_received, SocketFlags.None, out var error);
        if (error is not SocketError.Success)
        {
            _length = 0;
            return IsTimeout(error) ? false : throw Broken(error);
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool TryTake(out ReadOnlySpan<byte> body)
    {
        body = _received.AsSpan(0, _length);
        _length = 0;
        return !body.IsEmpty;
    }

    /// <inheritdoc/>
    protected override void SendQueued()
    {
        for (var rest = Queued; !rest.IsEmpty; rest = rest[messageBytes..])
        {
            Send(rest[..messageBytes]);
        }
    }
}
