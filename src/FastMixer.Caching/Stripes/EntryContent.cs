namespace FastMixer.Caching.Stripes;

/// <summary>An entry but for its key.</summary>
/// <param name="value">The value.</param>
/// <param name="expires">From when on it is expired.</param>
/// <param name="life">How long it is to live.</param>
/// <param name="uses">How often it may be found; −1 without bound.</param>
internal readonly ref struct EntryContent(ReadOnlySpan<byte> value, long expires, uint life, int uses)
{
    /// <summary>The value.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>From when on it is expired.</summary>
    public long Expires { get; } = expires;

    /// <summary>How long it is to live.</summary>
    public uint Life { get; } = life;

    /// <summary>How often it may be found; −1 without bound.</summary>
    public int Uses { get; } = uses;
}
