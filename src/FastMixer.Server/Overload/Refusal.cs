namespace FastMixer.Server.Overload;

/// <summary>What is said to those who are refused without a look at what they ask: short, ready-made, and small enough for any datagram once cut.</summary>
internal static class Refusal
{
    /// <summary>The patience was over.</summary>
    public static ReadOnlySpan<byte> TooLate => "nobody waits for the verdict any more"u8;

    /// <summary>There is too much to do.</summary>
    public static ReadOnlySpan<byte> Overloaded => "the server sheds load; try another, or later"u8;
}
