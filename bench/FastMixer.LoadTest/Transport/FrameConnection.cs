using System.Buffers.Binary;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Transport;

/// <summary>A stream of frames that a prefix tells the length of (protocol.md, section 2).</summary>
internal sealed class FrameConnection(ServerAddress address, TimeSpan timeout, int sendCapacity)
    : StreamConnection(address, timeout, sendCapacity)
{
    /// <inheritdoc/>
    protected override int TryFind(ReadOnlySpan<byte> received, out Range body)
    {
        body = default;
        if (received.Length < MessageFrame.PrefixBytes)
        {
            return 0;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(received);
        if (length > MaxMessageBytes - MessageFrame.PrefixBytes)
        {
            throw new LoadTestException($"the server at {Address} sent a frame of {length} bytes: is it a FastMixer server?");
        }

        var end = MessageFrame.PrefixBytes + (int)length;
        body = MessageFrame.PrefixBytes..end;
        return received.Length < end ? 0 : end;
    }
}
