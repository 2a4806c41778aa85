using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Tests.Model;

/// <summary>
/// An expression that knows its text and can be walked: the language's rules written down a second time, plainly, over boxed values.
/// </summary>
internal abstract record Expr(AttributeType Type)
{
    /// <summary>The text; operators in brackets.</summary>
    public abstract string Text { get; }

    /// <summary>The value, or <see cref="Missing"/>.</summary>
    /// <param name="world">The attributes.</param>
    /// <param name="fallback">Whether a pipe stands behind this, so that a missing key is <see cref="Missing"/> and not empty.</param>
    /// <exception cref="EvaluationFailed">An error.</exception>
    public abstract object Walk(World world, bool fallback);

    /// <summary>The value where something absent is an error.</summary>
    public object Strict(World world)
    {
        object value = Walk(world, fallback: false);
        return value is Missing missing ? throw new EvaluationFailed($"lookup failed: '{missing.Name}'") : value;
    }

    public sealed override string ToString() => Text;
}

/// <summary>What was looked up is absent.</summary>
internal sealed record Missing(string Name);

/// <summary>An evaluation ended with an error.</summary>
internal sealed class EvaluationFailed(string message) : Exception(message);
