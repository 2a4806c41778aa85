namespace FastMixer.Cli;

/// <summary>
/// What a person gave the command is wrong. The message says what, where, and what would be right; lines are separate problems.
/// </summary>
internal sealed class InputException : Exception
{
    /// <summary>An exception without a text.</summary>
    public InputException()
    {
    }

    /// <summary>An exception.</summary>
    /// <param name="message">What is wrong.</param>
    public InputException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a cause.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">The cause.</param>
    public InputException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
