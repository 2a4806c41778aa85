namespace FastMixer.Client;

/// <summary>A request to a server that could not be made, or was not answered as it should be. The message is for people.</summary>
public class MixerException : Exception
{
    /// <summary>An exception without a text.</summary>
    public MixerException()
    {
    }

    /// <summary>An exception.</summary>
    /// <param name="message">What was wrong, where, and what would be right.</param>
    public MixerException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a cause.</summary>
    /// <param name="message">What was wrong, where, and what would be right.</param>
    /// <param name="innerException">The cause.</param>
    public MixerException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Whether it is certain that no server has got the request, so that sending it again can't do twice what it asks for.</summary>
    internal bool WasNeverSent { get; init; }
}
