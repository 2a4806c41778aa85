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

    /// <summary>What a fleet goes by when it decides whether another server may be asked.</summary>
    internal MixerFailure Reason { get; set; }
}

/// <summary>Why a call failed, where its exception's type does not say so.</summary>
internal enum MixerFailure
{
    /// <summary>As the type says.</summary>
    Other,

    /// <summary>It has not left this process: no server knows of it.</summary>
    NotSent,

    /// <summary>It has not left: it is longer than may be.</summary>
    TooLarge,

    /// <summary>It has not left: as many wait for answers of the server as may.</summary>
    TooManyInFlight,
}
