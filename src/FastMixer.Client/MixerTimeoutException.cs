using FastMixer.Client.Connections;

namespace FastMixer.Client;

/// <summary>The answer did not come within <see cref="MixerConnectionOptions.Timeout"/> or <see cref="MixerClientOptions.Timeout"/>. The server may have done what was asked all the same.</summary>
public sealed class MixerTimeoutException : MixerException
{
    /// <summary>An exception without a text.</summary>
    public MixerTimeoutException()
    {
    }

    /// <summary>An exception.</summary>
    /// <param name="message">What was wrong, where, and what would be right.</param>
    public MixerTimeoutException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a cause.</summary>
    /// <param name="message">What was wrong, where, and what would be right.</param>
    /// <param name="innerException">The cause.</param>
    public MixerTimeoutException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
