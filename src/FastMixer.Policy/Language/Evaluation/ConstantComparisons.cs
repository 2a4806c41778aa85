namespace FastMixer.Policy.Language.Evaluation;

/// <summary>
/// Makes the node of a comparison of bytes. What most matches are made of, an attribute or a key of a map against a constant, is one node instead
/// of three or four: nothing is called through a table on its way but the bag.
/// </summary>
internal static class BytesComparison
{
    /// <summary>The node of a comparison.</summary>
    public static Node<bool> Create<TOperator>(Node<ReadOnlySpan<byte>> left, Node<ReadOnlySpan<byte>> right)
        where TOperator : struct, IBinary<ReadOnlySpan<byte>, bool> => (left, right) switch
        {
            (BytesAttribute attribute, ConstantBytes constant) =>
                new AttributeAgainstConstant<TOperator>(attribute.Slot, attribute.Reference, constant.Bytes),
            (ConstantIndex { Fallback: false, Map: MapAttribute map } index, ConstantBytes constant) =>
                new KeyAgainstConstant<TOperator>(map.Slot, map.Reference, index.Key, index.OnlyReference, constant.Bytes),
            _ => new Binary<ReadOnlySpan<byte>, bool, TOperator>(left, right),
        };
}

/// <summary>An attribute of text, BYTES or IP_ADDRESS against a constant.</summary>
internal sealed class AttributeAgainstConstant<TOperator>(int slot, int reference, byte[] constant) : Node<bool>
    where TOperator : struct, IBinary<ReadOnlySpan<byte>, bool>
{
    /// <inheritdoc/>
    public override Outcome Evaluate(EvaluationContext context, out bool result)
    {
        bool found = context.Attributes.TryGetBytes(slot, out ReadOnlySpan<byte> value);
        context.References.Note(reference, found);
        if (found)
        {
            return TOperator.Apply(context, value, constant, out result);
        }

        context.Missing(slot);
        result = false;
        return Outcome.Error;
    }
}

/// <summary>A key of a map, which is empty if the map lacks it, against a constant.</summary>
internal sealed class KeyAgainstConstant<TOperator>(int slot, int mapReference, byte[] key, int keyReference, byte[] constant) : Node<bool>
    where TOperator : struct, IBinary<ReadOnlySpan<byte>, bool>
{
    /// <inheritdoc/>
    public override Outcome Evaluate(EvaluationContext context, out bool result)
    {
        if (context.Attributes.TryGetMapValue(slot, key, out ReadOnlySpan<byte> value))
        {
            context.References.Note(keyReference, present: true);
            return TOperator.Apply(context, value, constant, out result);
        }

        if (context.Attributes.Contains(slot))
        {
            context.References.Note(keyReference, present: false);
            return TOperator.Apply(context, value, constant, out result);
        }

        context.References.Note(mapReference, present: false);
        context.Missing(slot);
        result = false;
        return Outcome.Error;
    }
}
