using FastMixer.Engine.Handlers;

namespace FastMixer.Engine.Checks;

/// <summary>What became of asking a handler: it answered, or it failed. A failure is a value, since under an outage every check may meet one.</summary>
/// <param name="Result">What it said, if it did not fail.</param>
/// <param name="Failure">Why it did not answer, or null.</param>
internal readonly record struct HandlerAnswer(CheckResult Result, string? Failure = null)
{
    /// <summary>The handler failed.</summary>
    /// <param name="failure">Why.</param>
    public static HandlerAnswer Failed(string failure) => new(default, failure);
}
