using System.Text;

namespace FastMixer.Policy.Language.Evaluation;

/// <summary><c>a + b</c> of STRINGs.</summary>
internal struct Concatenate : IBinary<ReadOnlySpan<byte>, ReadOnlySpan<byte>>
{
    /// <inheritdoc/>
    public static Outcome Apply(EvaluationContext context, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, out ReadOnlySpan<byte> result)
    {
        Span<byte> both = context.Scratch(left.Length + right.Length);
        left.CopyTo(both);
        right.CopyTo(both[left.Length..]);
        result = both;
        return Outcome.Value;
    }
}

/// <summary><c>s.startsWith(p)</c>.</summary>
internal struct StartsWith : IBinary<ReadOnlySpan<byte>, bool>
{
    /// <inheritdoc/>
    public static Outcome Apply(EvaluationContext context, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, out bool result)
    {
        result = left.StartsWith(right);
        return Outcome.Value;
    }
}

/// <summary><c>s.endsWith(p)</c>.</summary>
internal struct EndsWith : IBinary<ReadOnlySpan<byte>, bool>
{
    /// <inheritdoc/>
    public static Outcome Apply(EvaluationContext context, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, out bool result)
    {
        result = left.EndsWith(right);
        return Outcome.Value;
    }
}

/// <summary><c>match(s, p)</c>: a star at the end of the pattern asks for a prefix, else one at its begin for a suffix, else all must be equal.</summary>
internal struct WildcardMatch : IBinary<ReadOnlySpan<byte>, bool>
{
    /// <inheritdoc/>
    public static Outcome Apply(EvaluationContext context, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, out bool result)
    {
        result = right switch
        {
            [.. var prefix, (byte)'*'] => left.StartsWith(prefix),
            [(byte)'*', .. var suffix] => left.EndsWith(suffix),
            _ => left.SequenceEqual(right),
        };
        return Outcome.Value;
    }
}

/// <summary><c>toLower(s)</c>: the simple lower case of each character, whatever the language.</summary>
internal struct ToLower : IUnary<ReadOnlySpan<byte>, ReadOnlySpan<byte>>
{
    /// <inheritdoc/>
    public static Outcome Apply(EvaluationContext context, ReadOnlySpan<byte> operand, out ReadOnlySpan<byte> result)
    {
        // No character's lower case is more than half as long again (U+023A, 2 bytes, becomes 3).
        Span<byte> lower = context.Scratch(operand.Length + (operand.Length / 2) + 1);
        if (Ascii.ToLower(operand, lower, out int written) == System.Buffers.OperationStatus.Done)
        {
            result = lower[..written];
            return Outcome.Value;
        }

        written = 0;
        foreach (Rune rune in Runes(operand))
        {
            written += Rune.ToLowerInvariant(rune).EncodeToUtf8(lower[written..]);
        }

        result = lower[..written];
        return Outcome.Value;
    }

    private static RuneEnumerator Runes(ReadOnlySpan<byte> utf8) => new(utf8);

    private ref struct RuneEnumerator(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;

        public Rune Current { get; private set; }

        public readonly RuneEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_rest.IsEmpty)
            {
                return false;
            }

            Rune.DecodeFromUtf8(_rest, out Rune rune, out int consumed);
            Current = rune;
            _rest = _rest[consumed..];
            return true;
        }
    }
}

/// <summary><c>reverse(s)</c>: the characters in the opposite order.</summary>
internal struct Reverse : IUnary<ReadOnlySpan<byte>, ReadOnlySpan<byte>>
{
    /// <inheritdoc/>
    public static Outcome Apply(EvaluationContext context, ReadOnlySpan<byte> operand, out ReadOnlySpan<byte> result)
    {
        Span<byte> reversed = context.Scratch(operand.Length);
        int end = reversed.Length;
        ReadOnlySpan<byte> rest = operand;
        while (!rest.IsEmpty)
        {
            Rune.DecodeFromUtf8(rest, out _, out int length);
            end -= length;
            rest[..length].CopyTo(reversed[end..]);
            rest = rest[length..];
        }

        result = reversed;
        return Outcome.Value;
    }
}

/// <summary><c>size(s)</c>: the bytes of a STRING in UTF-8.</summary>
internal struct Size : IUnary<ReadOnlySpan<byte>, long>
{
    /// <inheritdoc/>
    public static Outcome Apply(EvaluationContext context, ReadOnlySpan<byte> operand, out long result)
    {
        result = operand.Length;
        return Outcome.Value;
    }
}
