using FastMixer.Protocol.Wire;

namespace FastMixer.Client;

/// <summary>The server answered a request with an error.</summary>
public sealed class MixerErrorException : MixerException
{
    /// <summary>An exception of an error that the server told.</summary>
    /// <param name="code">Its code.</param>
    /// <param name="message">The server's text.</param>
    public MixerErrorException(ErrorCode code, string message)
        : base(message) => Code = code;

    /// <summary>What programs go by. Codes that this version does not know keep their number.</summary>
    public ErrorCode Code { get; }
}
