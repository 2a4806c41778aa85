using FastMixer.Policy.Language.Evaluation;

namespace FastMixer.Policy.Language.Explanation;

/// <summary>What a part of an expression came to. Immutable.</summary>
/// <param name="Text">The part.</param>
/// <param name="Offset">Where it, or its operator, stands in the whole, in characters from 0.</param>
/// <param name="Outcome">How its evaluation ended; null if it was not evaluated, because what stands before it had decided.</param>
/// <param name="Value">Its value, if it has one.</param>
/// <param name="Error">What was wrong, if anything was.</param>
/// <param name="Parts">The parts that it is made of.</param>
public sealed record TraceNode(
    string Text, int Offset, Outcome? Outcome, ExpressionValue? Value, string? Error, IReadOnlyList<TraceNode> Parts)
{
    /// <summary>Whether it was evaluated, and has no value.</summary>
    public bool IsFailed => Outcome is Evaluation.Outcome.Error or Evaluation.Outcome.Absent;

    /// <summary>The innermost part that made this fail; this itself if it is none of its parts.</summary>
    public TraceNode Cause => Parts.LastOrDefault(part => part.IsFailed) is { } part ? part.Cause : this;
}
