namespace FastMixer.Client;

/// <summary>Records of a report were sent, and no acknowledgement came: the server may have taken them or not. They are not sent again by themselves.</summary>
public sealed class MixerUnacknowledgedException : MixerException
{
    /// <summary>An exception without a text.</summary>
    public MixerUnacknowledgedException()
    {
    }

    /// <summary>An exception.</summary>
    /// <param name="message">What was wrong, where, and what would be right.</param>
    public MixerUnacknowledgedException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a cause.</summary>
    /// <param name="message">What was wrong, where, and what would be right.</param>
    /// <param name="innerException">The cause.</param>
    public MixerUnacknowledgedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
