using MessagePack;
using DecodeResult = MessagePack.MessagePackPrimitives.DecodeResult;

namespace FastMixer.Adapters.Fluentd;

/// <summary>Reads a server's acknowledgement of a message, <c>{"ack": id}</c>.</summary>
internal static class Acknowledgement
{
    /// <summary>Reads one.</summary>
    /// <param name="received">What was received.</param>
    /// <param name="id">The id that must be in it.</param>
    /// <param name="length">How long it is.</param>
    /// <returns>True if it is there; false if more must be received.</returns>
    /// <exception cref="IOException">It is something else.</exception>
    public static bool TryRead(ReadOnlySpan<byte> received, ReadOnlySpan<byte> id, out int length)
    {
        bool read = IsThere(MessagePackPrimitives.TryReadMapHeader(received, out uint count, out length)) && IsOne(count);
        return read && TryReadText(received, "ack"u8, ref length) && TryReadText(received, id, ref length);
    }

    private static bool TryReadText(ReadOnlySpan<byte> received, ReadOnlySpan<byte> expected, ref int position)
    {
        if (!IsThere(MessagePackPrimitives.TryReadStringHeader(received[position..], out uint length, out int size)))
        {
            return false;
        }

        ReadOnlySpan<byte> text = received[(position + size)..];
        if (length != expected.Length)
        {
            throw Wrong();
        }

        if (text.Length < expected.Length)
        {
            return false;
        }

        position += size + expected.Length;
        return text.StartsWith(expected) ? true : throw Wrong();
    }

    private static bool IsThere(DecodeResult result) =>
        result == DecodeResult.Success || (result is DecodeResult.EmptyBuffer or DecodeResult.InsufficientBuffer ? false : throw Wrong());

    private static bool IsOne(uint count) => count == 1 ? true : throw Wrong();

    private static IOException Wrong() => new("The server sent something else than the acknowledgement of what it was sent.");
}
