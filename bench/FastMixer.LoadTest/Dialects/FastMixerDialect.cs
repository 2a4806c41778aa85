using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Transport;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Dialects;

/// <summary>FastMixer's own protocol (protocol.md).</summary>
internal sealed class FastMixerDialect : Dialect
{
    /// <summary>The one there is.</summary>
    public static FastMixerDialect Instance { get; } = new();

    /// <inheritdoc/>
    public override bool AnswersInOrder => false;

    /// <inheritdoc/>
    public override Connection Open(ServerAddress address, TimeSpan timeout, int requestBytes, int depth)
    {
        var connection = OpenSilently(address, timeout, requestBytes, depth);
        try
        {
            if (address.Framed)
            {
                Handshake.Greet(connection);
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection without a hello.</summary>
    public static Connection OpenSilently(ServerAddress address, TimeSpan timeout, int requestBytes, int depth) => address.Framed
        ? new FrameConnection(address, timeout, Math.Max(requestBytes, 1) * depth)
        : new DatagramConnection(address, timeout, requestBytes, depth);

    /// <inheritdoc/>
    public override bool TryReadHead(ReadOnlySpan<byte> body, out AnswerHead head) => AnswerHead.TryRead(body, out head);

    /// <inheritdoc/>
    public override string Describe(ReadOnlySpan<byte> body) => ServerMessage.Describe(body.ToArray());
}
