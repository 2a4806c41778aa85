namespace FastMixer.Client;

/// <summary>No connection to the server could be made, or it was lost while the request was in flight. The message names the address and the cause.</summary>
public sealed class MixerUnavailableException : MixerException
{
    /// <summary>An exception without a text.</summary>
    public MixerUnavailableException()
    {
    }

    /// <summary>An exception.</summary>
    /// <param name="message">What was wrong, where, and what would be right.</param>
    public MixerUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a cause.</summary>
    /// <param name="message">What was wrong, where, and what would be right.</param>
    /// <param name="innerException">The cause.</param>
    public MixerUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
