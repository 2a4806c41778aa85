namespace FastMixer.LoadTest.Load;

/// <summary>A key as it stands in a request: a fixed number of decimal digits, so that all requests have one length.</summary>
internal static class KeyDigits
{
    /// <summary>How many digits.</summary>
    public const int Length = 8;

    /// <summary>Writes a key, with leading zeros.</summary>
    public static void Write(Span<byte> destination, uint key)
    {
        for (var i = Length - 1; i >= 0; i--)
        {
            (key, var digit) = Math.DivRem(key, 10);
            destination[i] = (byte)('0' + digit);
        }
    }
}
