namespace FastMixer.Policy.Language.Evaluation;

/// <summary>An operator of two INT64, whose result may not fit.</summary>
internal interface IInt64Operator
{
    /// <summary>The result, wider than its operands.</summary>
    static abstract Int128 Apply(long left, long right);
}

/// <summary><c>+</c>.</summary>
internal struct Add : IInt64Operator
{
    /// <inheritdoc/>
    public static Int128 Apply(long left, long right) => (Int128)left + right;
}

/// <summary><c>-</c>.</summary>
internal struct Subtract : IInt64Operator
{
    /// <inheritdoc/>
    public static Int128 Apply(long left, long right) => (Int128)left - right;
}

/// <summary><c>*</c>.</summary>
internal struct Multiply : IInt64Operator
{
    /// <inheritdoc/>
    public static Int128 Apply(long left, long right) => (Int128)left * right;
}

/// <summary>Adds, subtracts or multiplies INT64 and DURATION; a result beyond 64 bits is an error.</summary>
internal struct Checked<TOperator> : IBinary<long, long>
    where TOperator : struct, IInt64Operator
{
    /// <inheritdoc/>
    public static Outcome Apply(EvaluationContext context, long left, long right, out long result)
    {
        Int128 exact = TOperator.Apply(left, right);
        result = unchecked((long)exact);
        return exact == result ? Outcome.Value : context.Fail(EvaluationErrorKind.Overflow);
    }
}

/// <summary>Divides INT64, towards zero.</summary>
internal struct Divide : IBinary<long, long>
{
    /// <inheritdoc/>
    public static Outcome Apply(EvaluationContext context, long left, long right, out long result)
    {
        result = 0;
        if (right == 0 || (left == long.MinValue && right == -1))
        {
            return context.Fail(right == 0 ? EvaluationErrorKind.DivisionByZero : EvaluationErrorKind.Overflow);
        }

        result = left / right;
        return Outcome.Value;
    }
}

/// <summary>The remainder of a division of INT64, with the sign of the left operand.</summary>
internal struct Remainder : IBinary<long, long>
{
    /// <inheritdoc/>
    public static Outcome Apply(EvaluationContext context, long left, long right, out long result)
    {
        result = right is 0 or -1 ? 0 : left % right;
        return right == 0 ? context.Fail(EvaluationErrorKind.DivisionByZero) : Outcome.Value;
    }
}

/// <summary>Changes the sign of an INT64 or DURATION.</summary>
internal struct Negate : IUnary<long, long>
{
    /// <inheritdoc/>
    public static Outcome Apply(EvaluationContext context, long operand, out long result)
    {
        result = unchecked(-operand);
        return operand == long.MinValue ? context.Fail(EvaluationErrorKind.Overflow) : Outcome.Value;
    }
}

/// <summary>Changes the sign of a DOUBLE.</summary>
internal struct NegateDouble : IUnary<double, double>
{
    /// <inheritdoc/>
    public static Outcome Apply(EvaluationContext context, double operand, out double result)
    {
        result = -operand;
        return Outcome.Value;
    }
}

/// <summary>Adds DOUBLEs.</summary>
internal struct AddDouble : IBinary<double, double>
{
    /// <inheritdoc/>
    public static Outcome Apply(EvaluationContext context, double left, double right, out double result)
    {
        result = left + right;
        return Outcome.Value;
    }
}

/// <summary>Subtracts DOUBLEs.</summary>
internal struct SubtractDouble : IBinary<double, double>
{
    /// <inheritdoc/>
    public static Outcome Apply(EvaluationContext context, double left, double right, out double result)
    {
        result = left - right;
        return Outcome.Value;
    }
}

/// <summary>Multiplies DOUBLEs.</summary>
internal struct MultiplyDouble : IBinary<double, double>
{
    /// <inheritdoc/>
    public static Outcome Apply(EvaluationContext context, double left, double right, out double result)
    {
        result = left * right;
        return Outcome.Value;
    }
}

/// <summary>Divides DOUBLEs, as IEEE 754 does: by zero gives an infinity or NaN.</summary>
internal struct DivideDouble : IBinary<double, double>
{
    /// <inheritdoc/>
    public static Outcome Apply(EvaluationContext context, double left, double right, out double result)
    {
        result = left / right;
        return Outcome.Value;
    }
}
