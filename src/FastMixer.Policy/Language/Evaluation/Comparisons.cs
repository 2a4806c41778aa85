using System.Numerics;

namespace FastMixer.Policy.Language.Evaluation;

/// <summary>What a comparison asks.</summary>
internal interface IRelation
{
    /// <summary>Whether an order between two values, below 0, 0 or above, is what is asked for.</summary>
    static abstract bool Holds(int order);

    /// <summary>Whether two numbers stand so; NaN stands in no relation but "not equal".</summary>
    static abstract bool Holds<T>(T left, T right)
        where T : IComparisonOperators<T, T, bool>;
}

/// <summary><c>==</c>.</summary>
internal struct Equal : IRelation
{
    /// <inheritdoc/>
    public static bool Holds(int order) => order == 0;

    /// <inheritdoc/>
    public static bool Holds<T>(T left, T right)
        where T : IComparisonOperators<T, T, bool> => left == right;
}

/// <summary><c>!=</c>.</summary>
internal struct NotEqual : IRelation
{
    /// <inheritdoc/>
    public static bool Holds(int order) => order != 0;

    /// <inheritdoc/>
    public static bool Holds<T>(T left, T right)
        where T : IComparisonOperators<T, T, bool> => left != right;
}

/// <summary><c>&lt;</c>.</summary>
internal struct Less : IRelation
{
    /// <inheritdoc/>
    public static bool Holds(int order) => order < 0;

    /// <inheritdoc/>
    public static bool Holds<T>(T left, T right)
        where T : IComparisonOperators<T, T, bool> => left < right;
}

/// <summary><c>&lt;=</c>.</summary>
internal struct LessOrEqual : IRelation
{
    /// <inheritdoc/>
    public static bool Holds(int order) => order <= 0;

    /// <inheritdoc/>
    public static bool Holds<T>(T left, T right)
        where T : IComparisonOperators<T, T, bool> => left <= right;
}

/// <summary><c>&gt;</c>.</summary>
internal struct Greater : IRelation
{
    /// <inheritdoc/>
    public static bool Holds(int order) => order > 0;

    /// <inheritdoc/>
    public static bool Holds<T>(T left, T right)
        where T : IComparisonOperators<T, T, bool> => left > right;
}

/// <summary><c>&gt;=</c>.</summary>
internal struct GreaterOrEqual : IRelation
{
    /// <inheritdoc/>
    public static bool Holds(int order) => order >= 0;

    /// <inheritdoc/>
    public static bool Holds<T>(T left, T right)
        where T : IComparisonOperators<T, T, bool> => left >= right;
}

/// <summary>Compares numbers.</summary>
internal struct NumberRelation<T, TRelation> : IBinary<T, bool>
    where T : IComparisonOperators<T, T, bool>
    where TRelation : struct, IRelation
{
    /// <inheritdoc/>
    public static Outcome Apply(EvaluationContext context, T left, T right, out bool result)
    {
        result = TRelation.Holds(left, right);
        return Outcome.Value;
    }
}

/// <summary>Compares BOOLs for equality.</summary>
internal struct BoolRelation<TRelation> : IBinary<bool, bool>
    where TRelation : struct, IRelation
{
    /// <inheritdoc/>
    public static Outcome Apply(EvaluationContext context, bool left, bool right, out bool result)
    {
        result = TRelation.Holds(left == right ? 0 : 1);
        return Outcome.Value;
    }
}

/// <summary>How bytes of a type are put in order.</summary>
internal interface IBytesOrder
{
    /// <summary>0 for equal, below 0 if the left comes first.</summary>
    static abstract int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right);
}

/// <summary>Compares text, BYTES and addresses in the order of their type.</summary>
internal struct BytesRelation<TOrder, TRelation> : IBinary<ReadOnlySpan<byte>, bool>
    where TOrder : struct, IBytesOrder
    where TRelation : struct, IRelation
{
    /// <inheritdoc/>
    public static Outcome Apply(EvaluationContext context, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, out bool result)
    {
        // Decided when this is compiled, not when it runs: most comparisons ask for no order.
        result = typeof(TOrder) == typeof(ByteOrder) && typeof(TRelation) == typeof(Equal)
            ? left.SequenceEqual(right)
            : TRelation.Holds(TOrder.Compare(left, right));
        return Outcome.Value;
    }
}

/// <summary>Byte by byte: STRING, BYTES, and the order of all other text.</summary>
internal struct ByteOrder : IBytesOrder
{
    /// <inheritdoc/>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => left.SequenceCompareTo(right);
}
