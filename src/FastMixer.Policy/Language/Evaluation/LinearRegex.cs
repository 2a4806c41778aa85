using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace FastMixer.Policy.Language.Evaluation;

/// <summary>Regular expressions that are matched in time linear in the subject, whatever the pattern.</summary>
public static partial class LinearRegex
{
    private const int StackChars = 256;

    // Compiled, a pattern takes some hundred bytes for each of these: a megabyte or so at most.
    private const int MaxSize = 10_000;

    /// <summary>Compiles a pattern.</summary>
    /// <param name="pattern">The pattern; matches anywhere in the subject unless it says otherwise.</param>
    /// <param name="problem">Why it cannot be compiled.</param>
    /// <returns>The expression, or null.</returns>
    public static Regex? TryCreate(string pattern, out string problem)
    {
        long size = RegexSize.Estimate(pattern);
        Match posix = PosixClass().Match(pattern);
        problem = size > MaxSize ? $"with its repetitions written out it has the size {size}; at most {MaxSize} is allowed."
            : posix.Success ? $"'{posix.Value}' is not known here; write the characters out, such as [a-zA-Z]."
            : "";
        if (problem.Length > 0)
        {
            return null;
        }

        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            problem = exception.Message;
            return null;
        }
    }

    // Other engines know [[:alpha:]]; here it would be a class of its characters, and silently mean something else.
    [GeneratedRegex(@"\[:\^?[a-z]+:\]", RegexOptions.CultureInvariant)]
    private static partial Regex PosixClass();

    /// <summary>Whether a subject matches. Allocates nothing.</summary>
    /// <param name="regex">Made by <see cref="TryCreate"/>.</param>
    /// <param name="utf8">The subject.</param>
    public static bool IsMatch(Regex regex, ReadOnlySpan<byte> utf8)
    {
        char[]? rented = null;
        Span<char> chars = utf8.Length <= StackChars ? stackalloc char[StackChars] : (rented = ArrayPool<char>.Shared.Rent(utf8.Length));
        int length = Encoding.UTF8.GetChars(utf8, chars);
        bool matches = regex.IsMatch(chars[..length]);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        return matches;
    }
}
