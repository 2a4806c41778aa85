namespace FastMixer.LoadTest.Load;

/// <summary>Keys drawn evenly, the same ones in each run (xorshift by Marsaglia). For one thread.</summary>
internal struct KeySequence(int keys, int seed)
{
    private readonly uint _keys = (uint)keys;
    private uint _state = (uint)seed * 2654435769u | 1;

    /// <summary>The next key, below the number of keys.</summary>
    public uint Next()
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return (uint)(((ulong)_state * _keys) >> 32);
    }
}
