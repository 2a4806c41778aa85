using System.Buffers.Text;
using System.Text;

namespace FastMixer.LoadTest.Dialects;

/// <summary>
/// Finds HTTP/1.1 messages, requests and answers, in what has been received: enough for the backend of the experiments and for those who ask
/// it. Bodies have a Content-Length or come in chunks, without trailers.
/// </summary>
internal static class HttpMessage
{
    private const int MaxHeadBytes = 16 * 1024;
    private const int MaxBodyBytes = 128 * 1024;

    /// <summary>Finds the end of the first message.</summary>
    /// <param name="received">What has been received, from the beginning of a message.</param>
    /// <param name="length">The bytes of the whole message; 0 while it is not whole.</param>
    /// <returns>False if the bytes are no message that can be taken, however they go on.</returns>
    public static bool TryFind(ReadOnlySpan<byte> received, out int length)
    {
        length = 0;
        var head = received.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return received.Length <= MaxHeadBytes;
        }

        var begin = head + 4;
        if (!TryReadBodyLength(received[..head], out var body) || (body < 0 && !TryFindChunks(received[begin..], out body)))
        {
            return false;
        }

        length = body < 0 || received.Length < begin + body ? 0 : begin + body;
        return true;
    }

    /// <summary>The status of an answer; 0 if it has none.</summary>
    public static int Status(ReadOnlySpan<byte> answer) =>
        answer.StartsWith("HTTP/1.1 "u8) && Utf8Parser.TryParse(answer["HTTP/1.1 ".Length..], out int status, out var read) && read == 3
            ? status
            : 0;

    /// <summary>The first line of a message, as text.</summary>
    public static string Describe(ReadOnlySpan<byte> message)
    {
        var line = message.IndexOf("\r\n"u8);
        return $"'{Encoding.ASCII.GetString(message[..Math.Min(line < 0 ? message.Length : line, 200)])}'";
    }

    // -1 for chunks.
    private static bool TryReadBodyLength(ReadOnlySpan<byte> head, out int length)
    {
        length = 0;
        foreach (var range in head.Split("\r\n"u8))
        {
            var line = head[range];
            var colon = line.IndexOf((byte)':');
            if (colon < 0)
            {
                continue;
            }

            var value = line[(colon + 1)..].Trim(" \t"u8);
            if (Ascii.EqualsIgnoreCase(line[..colon], "content-length"u8))
            {
                if (!Utf8Parser.TryParse(value, out length, out var read) || read != value.Length || length is < 0 or > MaxBodyBytes)
                {
                    return false;
                }
            }
            else if (Ascii.EqualsIgnoreCase(line[..colon], "transfer-encoding"u8))
            {
                length = -1;
                return Ascii.EqualsIgnoreCase(value, "chunked"u8);
            }
        }

        return true;
    }

    // The length of all chunks with what is around them; -1 while they are not whole.
    private static bool TryFindChunks(ReadOnlySpan<byte> received, out int length)
    {
        length = -1;
        var taken = 0;
        while (received[taken..].IndexOf("\r\n"u8) is >= 0 and var line)
        {
            if (!Utf8Parser.TryParse(received.Slice(taken, line), out int size, out var read, 'x') || read != line || size is < 0 or > MaxBodyBytes)
            {
                return false;
            }

            taken += line + 2 + size + 2;
            if (taken > received.Length)
            {
                return taken <= MaxBodyBytes;
            }

            if (size == 0)
            {
                length = taken;
                return true;
            }
        }

        return taken <= MaxBodyBytes;
    }
}
