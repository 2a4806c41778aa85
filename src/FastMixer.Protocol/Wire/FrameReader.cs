using System.Buffers;
using System.Buffers.Binary;

namespace FastMixer.Protocol.Wire;

/// <summary>What a look for a frame found.</summary>
public enum FrameResult
{
    /// <summary>A whole frame.</summary>
    Complete,

    /// <summary>The beginning of a frame; more bytes are needed.</summary>
    Incomplete,

    /// <summary>A length of 0, which no message has.</summary>
    Empty,

    /// <summary>A length above the limit.</summary>
    TooLarge,
}

/// <summary>Cuts a stream into frames (protocol.md, section 2).</summary>
public static class FrameReader
{
    /// <summary>Takes the next frame off a buffer.</summary>
    /// <param name="buffer">What was received and not yet taken; shortened by a whole frame.</param>
    /// <param name="maxFrameBytes">The greatest body allowed.</param>
    /// <param name="body">The frame's body, a slice of the buffer.</param>
    /// <param name="length">The length that the prefix claims, once it is there.</param>
    public static FrameResult TryRead(ref ReadOnlySequence<byte> buffer, int maxFrameBytes, out ReadOnlySequence<byte> body, out uint length)
    {
        body = default;
        if (!TryReadLength(buffer, out length))
        {
            return FrameResult.Incomplete;
        }

        if (length == 0)
        {
            return FrameResult.Empty;
        }

        if (length > (uint)maxFrameBytes)
        {
            return FrameResult.TooLarge;
        }

        if (buffer.Length < WireFormat.LengthPrefixBytes + length)
        {
            return FrameResult.Incomplete;
        }

        body = buffer.Slice(WireFormat.LengthPrefixBytes, length);
        buffer = buffer.Slice(body.End);
        return FrameResult.Complete;
    }

    private static bool TryReadLength(in ReadOnlySequence<byte> buffer, out uint length)
    {
        length = 0;
        if (buffer.FirstSpan.Length >= WireFormat.LengthPrefixBytes)
        {
            length = BinaryPrimitives.ReadUInt32BigEndian(buffer.FirstSpan);
            return true;
        }

        if (buffer.Length < WireFormat.LengthPrefixBytes)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[WireFormat.LengthPrefixBytes];
        buffer.Slice(0, WireFormat.LengthPrefixBytes).CopyTo(prefix);
        length = BinaryPrimitives.ReadUInt32BigEndian(prefix);
        return true;
    }
}
