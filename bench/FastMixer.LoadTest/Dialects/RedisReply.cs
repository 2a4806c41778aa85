using System.Buffers.Text;
using System.Text;

namespace FastMixer.LoadTest.Dialects;

/// <summary>Replies of the Redis protocol (RESP 2) that a GET, a SET or a PING can have.</summary>
internal static class RedisReply
{
    private const int MaxLineBytes = 512;

    /// <summary>Finds the end of the first reply.</summary>
    /// <param name="received">What has been received, from the beginning of a reply.</param>
    /// <param name="length">The bytes of the whole reply; 0 while it is not whole.</param>
    /// <returns>False if the bytes are no such reply, however they go on.</returns>
    public static bool TryFind(ReadOnlySpan<byte> received, out int length)
    {
        length = 0;
        if (received.IsEmpty)
        {
            return true;
        }

        if (received[0] is not ((byte)'$' or (byte)'+' or (byte)'-' or (byte)':'))
        {
            return false;
        }

        var line = received.IndexOf("\r\n"u8);
        if (line < 0)
        {
            return received.Length <= MaxLineBytes;
        }

        var head = line + 2;
        if (received[0] is not (byte)'$')
        {
            length = head;
            return true;
        }

        if (!TryReadLength(received[1..line], out var bytes))
        {
            return false;
        }

        // A bulk of length -1 is the reply for a key that is not there; nothing follows it.
        var whole = bytes < 0 ? head : head + bytes + 2;
        length = received.Length < whole ? 0 : whole;
        return true;
    }

    /// <summary>Whether a whole reply is an error.</summary>
    public static bool IsError(ReadOnlySpan<byte> reply) => reply[0] is (byte)'-';

    /// <summary>Whether a whole reply says that there is no such key.</summary>
    public static bool IsNull(ReadOnlySpan<byte> reply) => reply.StartsWith("$-1\r\n"u8);

    /// <summary>The first line of a reply, as text.</summary>
    public static string Describe(ReadOnlySpan<byte> reply)
    {
        var line = reply.IndexOf("\r\n"u8);
        var shown = reply[..Math.Min(line < 0 ? reply.Length : line, MaxLineBytes)];
        return $"'{Encoding.UTF8.GetString(shown)}'";
    }

    private static bool TryReadLength(ReadOnlySpan<byte> digits, out int length) =>
        Utf8Parser.TryParse(digits, out length, out var read) && read == digits.Length && length is >= -1 and <= 512 * 1024 * 1024;
}
