namespace FastMixer.Policy.Language;

/// <summary>Writes the characters of a label in ASCII (RFC 3492).</summary>
internal static class Punycode
{
    // RFC 3492, section 5.
    private const int Base = 36;
    private const int TMin = 1;
    private const int TMax = 26;
    private const int Skew = 38;
    private const int Damp = 700;
    private const int InitialBias = 72;
    private const int InitialN = 0x80;

    /// <summary>Encodes a label, without the prefix <c>xn--</c>.</summary>
    /// <param name="label">Its characters; at most 63, so that no sum below leaves 32 bits.</param>
    /// <param name="ascii">Takes the encoded form.</param>
    /// <param name="written">Its length.</param>
    /// <returns>False if it does not fit.</returns>
    public static bool TryEncode(ReadOnlySpan<int> label, Span<byte> ascii, out int written)
    {
        written = 0;
        foreach (int character in label)
        {
            if (character < InitialN && !TryAppend(ascii, ref written, (byte)character))
            {
                return false;
            }
        }

        int basic = written;
        int handled = basic;
        if (basic > 0 && !TryAppend(ascii, ref written, (byte)'-'))
        {
            return false;
        }

        (int n, int delta, int bias) = (InitialN, 0, InitialBias);
        while (handled < label.Length)
        {
            int next = SmallestFrom(label, n);
            delta += (next - n) * (handled + 1);
            n = next;
            foreach (int character in label)
            {
                delta += character < n ? 1 : 0;
                if (character == n)
                {
                    if (!TryAppendNumber(ascii, ref written, delta, bias))
                    {
                        return false;
                    }

                    bias = Adapt(delta, handled + 1, isFirst: handled == basic);
                    delta = 0;
                    handled++;
                }
            }

            delta++;
            n++;
        }

        return true;
    }

    private static int SmallestFrom(ReadOnlySpan<int> label, int least)
    {
        int smallest = int.MaxValue;
        foreach (int character in label)
        {
            smallest = character >= least ? Math.Min(smallest, character) : smallest;
        }

        return smallest;
    }

    private static bool TryAppendNumber(Span<byte> ascii, ref int written, int number, int bias)
    {
        for (int k = Base; ; k += Base)
        {
            int threshold = Math.Clamp(k - bias, TMin, TMax);
            if (number < threshold)
            {
                return TryAppend(ascii, ref written, Digit(number));
            }

            if (!TryAppend(ascii, ref written, Digit(threshold + ((number - threshold) % (Base - threshold)))))
            {
                return false;
            }

            number = (number - threshold) / (Base - threshold);
        }
    }

    private static byte Digit(int value) => (byte)(value < 26 ? 'a' + value : '0' + value - 26);

    private static int Adapt(int delta, int count, bool isFirst)
    {
        delta /= isFirst ? Damp : 2;
        delta += delta / count;
        int k = 0;
        while (delta > (Base - TMin) * TMax / 2)
        {
            delta /= Base - TMin;
            k += Base;
        }

        return k + ((Base - TMin + 1) * delta / (delta + Skew));
    }

    private static bool TryAppend(Span<byte> ascii, ref int written, byte value)
    {
        bool fits = written < ascii.Length;
        if (fits)
        {
            ascii[written++] = value;
        }

        return fits;
    }
}
