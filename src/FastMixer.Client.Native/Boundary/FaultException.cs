namespace FastMixer.Client.Native.Boundary;

/// <summary>A call that fails with a code. Never leaves the library.</summary>
internal sealed class FaultException : Exception
{
    /// <summary>A fault without a text.</summary>
    public FaultException()
    {
    }

    /// <summary>A fault of the library.</summary>
    /// <param name="message">What was wrong.</param>
    public FaultException(string message)
        : base(message)
    {
    }

    /// <summary>A fault of the library with a cause.</summary>
    /// <param name="message">What was wrong.</param>
    /// <param name="innerException">The cause.</param>
    public FaultException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A fault.</summary>
    /// <param name="code">What the function returns.</param>
    /// <param name="message">What was wrong, and what would be right.</param>
    public FaultException(Code code, string message)
        : base(message) => Code = code;

    /// <summary>What the function returns.</summary>
    public Code Code { get; } = Code.Internal;
}
