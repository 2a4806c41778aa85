using FastMixer.LoadTest.Transport;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Dialects;

/// <summary>How a kind of server is spoken to: all that differs between the servers that one generator drives. No state of its own.</summary>
internal abstract class Dialect
{
    /// <summary>Whether answers come in the order of their requests and carry no ids.</summary>
    public abstract bool AnswersInOrder { get; }

    /// <summary>Opens a connection that is ready for requests.</summary>
    /// <param name="address">The server.</param>
    /// <param name="timeout">How long a receive waits.</param>
    /// <param name="requestBytes">The length of each request.</param>
    /// <param name="depth">How many may be in flight.</param>
    public abstract Connection Open(ServerAddress address, TimeSpan timeout, int requestBytes, int depth);

    /// <summary>Reads what the measured loop needs of an answer; false if it is none. Allocates nothing.</summary>
    public abstract bool TryReadHead(ReadOnlySpan<byte> body, out AnswerHead head);

    /// <summary>Puts an answer into words that is an error, or none at all. Not for the measured loop.</summary>
    public abstract string Describe(ReadOnlySpan<byte> body);
}
