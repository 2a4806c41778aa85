using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Language.Evaluation;

/// <summary>A value known when compiled.</summary>
internal sealed class Constant<T>(T value) : Node<T>
{
    /// <summary>The value.</summary>
    public T Value => value;

    /// <inheritdoc/>
    public override Outcome Evaluate(EvaluationContext context, out T result)
    {
        result = value;
        return Outcome.Value;
    }
}

/// <summary>Bytes known when compiled.</summary>
internal sealed class ConstantBytes(byte[] bytes) : Node<ReadOnlySpan<byte>>
{
    /// <summary>The bytes.</summary>
    public byte[] Bytes => bytes;

    /// <inheritdoc/>
    public override Outcome Evaluate(EvaluationContext context, out ReadOnlySpan<byte> result)
    {
        result = bytes;
        return Outcome.Value;
    }
}

/// <summary>An INT64, TIMESTAMP or DURATION attribute.</summary>
internal sealed class Int64Attribute(int slot, int reference) : Node<long>
{
    /// <inheritdoc/>
    public override Outcome Evaluate(EvaluationContext context, out long value)
    {
        bool found = context.Attributes.TryGetInt64(slot, out value);
        context.References.Note(reference, found);
        return found ? Outcome.Value : context.Missing(slot);
    }
}

/// <summary>A DOUBLE attribute.</summary>
internal sealed class DoubleAttribute(int slot, int reference) : Node<double>
{
    /// <inheritdoc/>
    public override Outcome Evaluate(EvaluationContext context, out double value)
    {
        bool found = context.Attributes.TryGetDouble(slot, out value);
        context.References.Note(reference, found);
        return found ? Outcome.Value : context.Missing(slot);
    }
}

/// <summary>A BOOL attribute.</summary>
internal sealed class BoolAttribute(int slot, int reference) : Node<bool>
{
    /// <inheritdoc/>
    public override Outcome Evaluate(EvaluationContext context, out bool value)
    {
        bool found = context.Attributes.TryGetBool(slot, out value);
        context.References.Note(reference, found);
        return found ? Outcome.Value : context.Missing(slot);
    }
}

/// <summary>An attribute of text, BYTES or IP_ADDRESS.</summary>
internal sealed class BytesAttribute(int slot, int reference) : Node<ReadOnlySpan<byte>>
{
    /// <summary>The attribute's slot.</summary>
    public int Slot => slot;

    /// <summary>Its look-up.</summary>
    public int Reference => reference;

    /// <inheritdoc/>
    public override Outcome Evaluate(EvaluationContext context, out ReadOnlySpan<byte> value)
    {
        bool found = context.Attributes.TryGetBytes(slot, out value);
        context.References.Note(reference, found);
        return found ? Outcome.Value : context.Missing(slot);
    }
}

/// <summary>A STRING_MAP attribute. Its absence is referenced here; when it is there, what is taken of it is.</summary>
internal sealed class MapAttribute(int slot, int reference) : Node<MapValue>
{
    /// <summary>The attribute's slot.</summary>
    public int Slot => slot;

    /// <summary>The look-up of it as a whole.</summary>
    public int Reference => reference;

    /// <inheritdoc/>
    public override Outcome Evaluate(EvaluationContext context, out MapValue value)
    {
        value = new MapValue(slot);
        if (context.Attributes.Contains(slot))
        {
            return Outcome.Value;
        }

        context.References.Note(reference, present: false);
        return context.Missing(slot);
    }
}

/// <summary>A map taken as a whole: its presence, or all of it, counts.</summary>
internal sealed class WholeMap(Node<MapValue> map, IReadOnlyDictionary<int, int> references) : Node<MapValue>
{
    /// <inheritdoc/>
    public override Outcome Evaluate(EvaluationContext context, out MapValue value)
    {
        Outcome outcome = map.Evaluate(context, out value);
        if (outcome == Outcome.Value && value.Slot != Vocabulary.NoSlot)
        {
            context.References.Note(references[value.Slot], present: true);
        }

        return outcome;
    }
}

/// <summary>
/// The value of a key that is known when compiled. A key that a map lacks is the empty text, or absent on the left of a pipe.
/// </summary>
internal sealed class ConstantIndex(Node<MapValue> map, byte[] key, IReadOnlyDictionary<int, int> references, bool fallback)
    : Node<ReadOnlySpan<byte>>
{
    // Nearly always the map is one attribute: its look-up is at hand without a search.
    private readonly int _onlySlot = references.Count == 1 ? references.Keys.First() : Vocabulary.NoSlot;
    private readonly int _onlyReference = references.Count == 1 ? references.Values.First() : 0;

    /// <summary>The map.</summary>
    public Node<MapValue> Map => map;

    /// <summary>The key.</summary>
    public byte[] Key => key;

    /// <summary>The look-up of the key, where the map is one attribute.</summary>
    public int OnlyReference => _onlyReference;

    /// <summary>Whether a key that the map lacks is absent, and not empty.</summary>
    public bool Fallback => fallback;

    /// <inheritdoc/>
    public override Outcome Evaluate(EvaluationContext context, out ReadOnlySpan<byte> value)
    {
        value = default;
        Outcome outcome = map.Evaluate(context, out MapValue found);
        if (outcome != Outcome.Value)
        {
            return outcome;
        }

        if (found.Slot == Vocabulary.NoSlot)
        {
            return fallback ? Outcome.Absent : Outcome.Value;
        }

        bool present = context.Attributes.TryGetMapValue(found.Slot, key, out value);
        context.References.Note(found.Slot == _onlySlot ? _onlyReference : references[found.Slot], present);
        return present || !fallback ? Outcome.Value : context.Missing(found.Slot);
    }
}

/// <summary>The value of a key that is computed.</summary>
internal sealed class ComputedIndex(Node<MapValue> map, Node<ReadOnlySpan<byte>> key, bool fallback) : Node<ReadOnlySpan<byte>>
{
    /// <inheritdoc/>
    public override Outcome Evaluate(EvaluationContext context, out ReadOnlySpan<byte> value)
    {
        value = default;
        Outcome outcome = map.Evaluate(context, out MapValue found);
        outcome = outcome == Outcome.Value ? key.Evaluate(context, out ReadOnlySpan<byte> name) : Skip(outcome, out name);
        if (outcome != Outcome.Value)
        {
            return outcome;
        }

        if (found.Slot == Vocabulary.NoSlot)
        {
            return fallback ? Outcome.Absent : Outcome.Value;
        }

        bool present = context.Attributes.TryGetMapValue(found.Slot, name, out value);
        context.References.NoteComputed(found.Slot, name, present);
        return present || !fallback ? Outcome.Value : context.Missing(found.Slot);
    }

    private static Outcome Skip(Outcome outcome, out ReadOnlySpan<byte> name)
    {
        name = default;
        return outcome;
    }
}
