using System.Text;
using System.Text.RegularExpressions;

namespace FastMixer.Policy.Language.Evaluation;

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
