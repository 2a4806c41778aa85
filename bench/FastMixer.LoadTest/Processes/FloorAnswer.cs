using FastMixer.LoadTest.Transport;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Processes;

/// <summary>
/// The fixed bytes that the floor answers with: a verdict's head without an id, so that the generator does the same work for it as
/// for a server's verdict, then zeros.
/// </summary>
internal static class FloorAnswer
{
    // An array of 8 elements: kind verdict, id 0 in 5 bytes, status 0.
    private static ReadOnlySpan<byte> Head => [0x98, (byte)MessageKind.Verdict, 0xCE, 0, 0, 0, 0, 0];

    /// <summary>An answer of a given length on the wire.</summary>
    public static byte[] Create(ServerScheme scheme, int answerBytes)
    {
        var prefix = scheme is ServerScheme.Udp ? 0 : MessageFrame.PrefixBytes;
        if (answerBytes < prefix + Head.Length)
        {
            throw new LoadTestException($"--answer-bytes: {answerBytes} is below {prefix + Head.Length}, the shortest answer of the floor");
        }

        if (prefix == 0)
        {
            var datagram = new byte[answerBytes];
            Head.CopyTo(datagram);
            return datagram;
        }

        Span<byte> body = new byte[answerBytes - prefix];
        Head.CopyTo(body);
        return MessageFrame.Wrap(body, framed: true);
    }
}
