using System.Net.Sockets;

namespace FastMixer.Client.Channels;

/// <summary>Why a connection ended.</summary>
/// <param name="Text">What was wrong, where, and what would be right.</param>
/// <param name="Cause">The cause, for the calls' exceptions.</param>
/// <param name="IsWanted">Whether this side ended it, for no fault of the connection.</param>
internal sealed record ChannelFault(string Text, Exception? Cause = null, bool IsWanted = false)
{
    /// <summary>A new exception for one call.</summary>
    public MixerUnavailableException ToException() => new(Text, Cause);

    /// <summary>A new exception for who waited for the connection itself: the server's own word, if it gave one.</summary>
    public MixerException ToConnectException() =>
        Cause is MixerErrorException error ? new MixerErrorException(error.Code, error.Message) : ToException();

    /// <summary>The text of a failed operation on a socket, without the type's name around it.</summary>
    /// <param name="error">The error.</param>
    public static string Describe(SocketError error) => new SocketException((int)error).Message;
}
