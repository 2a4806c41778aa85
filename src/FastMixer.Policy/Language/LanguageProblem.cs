namespace FastMixer.Policy.Language;

/// <summary>What is wrong with the text of an expression.</summary>
/// <param name="Offset">Where, in characters from 0.</param>
/// <param name="Message">What was found, and what would be right.</param>
public sealed record LanguageProblem(int Offset, string Message);

/// <summary>Ends parsing or compiling at the first problem; never leaves this folder.</summary>
#pragma warning disable CA1032, CA1064 // Only ever thrown and caught here, with a problem.
internal sealed class LanguageException(int offset, string message) : Exception(message)
#pragma warning restore CA1032, CA1064
{
    /// <summary>The problem.</summary>
    public LanguageProblem Problem => new(offset, Message);
}
