using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace FastMixer.Policy.Language.Evaluation;

/// <summary>Regular expressions that are matched in time linear in the subject, whatever the pattern.</summary>
public static class LinearRegex
{
    private const int StackChars = 256;

    /// <summary>Compiles a pattern.</summary>
    /// <param name="pattern">The pattern; matches anywhere in the subject unless it says otherwise.</param>
    /// <param name="problem">Why it cannot be compiled.</param>
    /// <returns>The expression, or null.</returns>
    public static Regex? TryCreate(string pattern, out string problem)
    {
        problem = "";
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

/// <summary><c>"pattern".matches(s)</c> with a pattern that is known when compiled.</summary>
internal sealed class ConstantRegexMatch(Regex regex, Node<ReadOnlySpan<byte>> subject) : Node<bool>
{
    /// <inheritdoc/>
    public override Outcome Evaluate(EvaluationContext context, out bool value)
    {
        value = false;
        if (!subject.TryEvaluate(context, out ReadOnlySpan<byte> text))
        {
            return Outcome.Error;
        }

        value = LinearRegex.IsMatch(regex, text);
        return Outcome.Value;
    }
}

/// <summary><c>pattern.matches(s)</c> with a pattern of the request. The last pattern is kept compiled; a new one allocates.</summary>
internal sealed class ComputedRegexMatch(Node<ReadOnlySpan<byte>> pattern, Node<ReadOnlySpan<byte>> subject) : Node<bool>
{
    private Compiled? _last;

    /// <inheritdoc/>
    public override Outcome Evaluate(EvaluationContext context, out bool value)
    {
        value = false;
        if (!pattern.TryEvaluate(context, out ReadOnlySpan<byte> source) || !subject.TryEvaluate(context, out ReadOnlySpan<byte> text))
        {
            return Outcome.Error;
        }

        Compiled? compiled = Volatile.Read(ref _last);
        if (compiled is null || !source.SequenceEqual(compiled.Source))
        {
            compiled = new Compiled(source.ToArray(), LinearRegex.TryCreate(Encoding.UTF8.GetString(source), out _));
            Volatile.Write(ref _last, compiled);
        }

        if (compiled.Regex is null)
        {
            return context.Fail(EvaluationErrorKind.NoRegularExpression);
        }

        value = LinearRegex.IsMatch(compiled.Regex, text);
        return Outcome.Value;
    }

    private sealed record Compiled(byte[] Source, Regex? Regex);
}
