using System.Buffers;
using MessagePack;

namespace FastMixer.LoadTest.Wire;

/// <summary>The answer to a server's ping.</summary>
internal static class PongMessage
{
    /// <summary>The pong as it goes over the transport.</summary>
    public static byte[] Encode(uint id, bool framed)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(2);
        writer.Write((int)MessageKind.Pong);
        writer.Write(id);
        writer.Flush();
        return MessageFrame.Wrap(buffer.WrittenSpan, framed);
    }
}
