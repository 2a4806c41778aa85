namespace FastMixer.Adapters.Backends;

/// <summary>A backend gave no answer, or none that can be understood: a failure, which is no denial. Its message names neither addresses nor secrets, since clients may see it.</summary>
public sealed class BackendException : IOException
{
    /// <summary>A failure.</summary>
    public BackendException()
    {
    }

    /// <summary>A failure.</summary>
    /// <param name="message">What the backend did, as the end of a sentence about it.</param>
    public BackendException(string message)
        : base(message)
    {
    }

    /// <summary>A failure with what caused it.</summary>
    /// <param name="message">What the backend did, as the end of a sentence about it.</param>
    /// <param name="innerException">What caused it.</param>
    public BackendException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
