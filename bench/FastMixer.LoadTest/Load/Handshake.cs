using FastMixer.LoadTest.Transport;
using FastMixer.LoadTest.Wire;
using MessagePack;

namespace FastMixer.LoadTest.Load;

/// <summary>The exchanges before a measurement. They may allocate.</summary>
internal static class Handshake
{
    /// <summary>Says hello and waits for the welcome.</summary>
    public static Welcome Greet(Connection connection)
    {
        var body = Ask(connection, HelloMessage.Encode(connection.Address.Framed), MessageKind.Welcome, "the hello");
        try
        {
            return Welcome.Read(body);
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException)
        {
            throw new LoadTestException($"the server at {connection.Address} sent a welcome that is malformed: {e.Message}");
        }
    }

    /// <summary>Asks one check; returns what the verdict weighs on the wire.</summary>
    public static int AskCheck(Connection connection, CheckTemplate check)
    {
        var message = new byte[check.Length];
        check.Write(message, id: 0x8000_0000, key: 0);
        var body = Ask(connection, message, MessageKind.Verdict, "the check");
        return body.Length + (connection.Address.Framed ? MessageFrame.PrefixBytes : 0);
    }

    private static byte[] Ask(Connection connection, ReadOnlySpan<byte> request, MessageKind expected, string what)
    {
        // A datagram may get lost; over a stream silence is final.
        for (var attempts = connection.Address.Framed ? 1 : 3; attempts > 0; attempts--)
        {
            connection.Send(request);
            while (connection.Receive())
            {
                if (!connection.TryTake(out var body))
                {
                    continue;
                }

                var bytes = body.ToArray();
                return AnswerHead.TryRead(bytes, out var head) && head.Kind == expected
                    ? bytes
                    : throw new LoadTestException($"the server at {connection.Address} answered {what} with {ServerMessage.Describe(bytes)}");
            }
        }

        throw new LoadTestException($"the server at {connection.Address} did not answer {what}: is it a FastMixer server?");
    }
}
