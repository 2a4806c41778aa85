namespace FastMixer.LoadTest.Load;

/// <summary>The keys of one worker: drawn evenly (xorshift by Marsaglia) or counted up. For one thread; allocates nothing.</summary>
internal struct KeySequence
{
    private readonly KeySource _source;
    private readonly uint _count;
    private uint _state;
    private uint _next;
    private uint _end;

    /// <summary>Begins a sequence.</summary>
    /// <param name="source">The population.</param>
    /// <param name="seed">Above 0: sequences of different seeds draw differently.</param>
    internal KeySequence(KeySource source, int seed)
    {
        _source = source;
        _count = (uint)source.Count;
        _state = ((uint)seed * 2654435769u) | 1;
    }

    /// <summary>The next key.</summary>
    public uint Next()
    {
        if (_count == 0)
        {
            return NextDistinct();
        }

        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return (uint)(((ulong)_state * _count) >> 32);
    }

    private uint NextDistinct()
    {
        if (_next == _end)
        {
            (_next, _end) = _source.TakeBlock();
        }

        return _next++;
    }
}
