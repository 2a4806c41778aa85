namespace FastMixer.Policy.Language.Evaluation;

/// <summary>A compiled expression of one type. Immutable; any thread may evaluate it, each with its own context; nothing allocates.</summary>
/// <typeparam name="T">
/// <see cref="bool"/> for BOOL; <see cref="long"/> for INT64, and nanoseconds of TIMESTAMP and DURATION; <see cref="double"/> for DOUBLE;
/// <see cref="ReadOnlySpan{T}"/> of bytes for all text, BYTES and IP_ADDRESS; <see cref="MapValue"/> for STRING_MAP.
/// </typeparam>
internal abstract class Node<T>
    where T : allows ref struct
{
    /// <summary>Evaluates.</summary>
    /// <param name="context">The request's.</param>
    /// <param name="value">The value, if there is one; spans are valid as long as the context's attributes and scratch.</param>
    public abstract Outcome Evaluate(EvaluationContext context, out T value);

    /// <summary>Evaluates where something absent is an error.</summary>
    /// <returns>Whether there is a value.</returns>
    public bool TryEvaluate(EvaluationContext context, out T value) => Evaluate(context, out value) == Outcome.Value;
}

/// <summary>A map as a value: the one in a slot, or an empty one.</summary>
/// <param name="Slot">The attribute's slot, or <see cref="Protocol.Attributes.Vocabulary.NoSlot"/> for an empty map.</param>
internal readonly record struct MapValue(int Slot);
