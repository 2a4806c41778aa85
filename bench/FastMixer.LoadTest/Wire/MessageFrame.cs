using System.Buffers.Binary;

namespace FastMixer.LoadTest.Wire;

/// <summary>Turns the body of a message into what goes over a transport (protocol.md, section 2).</summary>
internal static class MessageFrame
{
    /// <summary>Bytes of the prefix that tells a frame's length.</summary>
    public const int PrefixBytes = 4;

    /// <summary>Datagrams are padded to this many bytes, so that the answer may have as many (protocol.md, section 8).</summary>
    public const int PaddedBytes = 256;

    /// <summary>A body as a frame of a stream, or as a padded datagram.</summary>
    public static byte[] Wrap(ReadOnlySpan<byte> body, bool framed)
    {
        if (!framed)
        {
            var datagram = new byte[Math.Max(body.Length, PaddedBytes)];
            body.CopyTo(datagram);
            return datagram;
        }

        var frame = new byte[PrefixBytes + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, body.Length);
        body.CopyTo(frame.AsSpan(PrefixBytes));
        return frame;
    }
}
