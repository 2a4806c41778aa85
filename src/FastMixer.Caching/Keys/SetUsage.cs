using System.IO.Hashing;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Caching.Keys;

/// <summary>
/// What came of one set of look-ups: hits, misses, and how many values each look-up took, for operators and for finding sets. Any thread may count; nothing
/// allocates.
/// </summary>
public sealed class SetUsage
{
    private const int LongestSampledValue = 512;

    // All values are looked at while there are few, then one in eight.
    private const int SampledAtFirst = 1024;
    private const int SampledThen = 8;

    private readonly StripedCount _hits = new();
    private readonly ReferencePart[] _parts;
    private readonly DistinctSketch?[] _values;
    private long _misses;
    private long _stored;
    private long _samples;
    private long _seen;

    internal SetUsage(ReferencePart[] parts)
    {
        _parts = parts;
        _values = [.. parts.Select(part => part.IsPresent ? new DistinctSketch() : null)];
    }

    /// <summary>Verdicts that were handed out again.</summary>
    public long Hits => _hits.Value;

    /// <summary>Verdicts that had to be found, kept or not.</summary>
    public long Misses => Interlocked.Read(ref _misses);

    /// <summary>Verdicts that were kept under a key that had none.</summary>
    public long Stored => Interlocked.Read(ref _stored);

    /// <summary>How many verdicts <see cref="CountValues"/> has looked at.</summary>
    public long Samples => Interlocked.Read(ref _samples);

    /// <summary>The number of the configuration that last had a verdict of the set. Grows.</summary>
    public long LastSeen => Interlocked.Read(ref _seen);

    /// <summary>About how many different values a part had in the verdicts looked at; 0 for one that is to be absent.</summary>
    /// <param name="part">Its index.</param>
    public double CountValues(int part) => _values[part]?.Estimate() ?? 0;

    /// <summary>Counts a hit.</summary>
    public void CountHit() => _hits.Increment();

    /// <summary>Counts a verdict that was kept under a key that had none.</summary>
    public void CountStored() => Interlocked.Increment(ref _stored);

    /// <summary>Counts a verdict that had to be found.</summary>
    /// <param name="bag">The request.</param>
    /// <param name="configuration">The number of the configuration that gave it.</param>
    public void CountMiss(AttributeBag bag, long configuration)
    {
        NoteSeen(configuration);
        long misses = Interlocked.Increment(ref _misses);
        if (misses <= SampledAtFirst || misses % SampledThen == 0)
        {
            Interlocked.Increment(ref _samples);
            Sample(bag);
        }
    }

    /// <summary>Notes that a configuration has a verdict of the set.</summary>
    /// <param name="configuration">Its number.</param>
    public void NoteSeen(long configuration)
    {
        if (configuration > LastSeen)
        {
            Interlocked.Exchange(ref _seen, configuration);
        }
    }

    /// <summary>What values a part had.</summary>
    internal DistinctSketch? Values(int part) => _values[part];

    private void Sample(AttributeBag bag)
    {
        Span<byte> room = stackalloc byte[LongestSampledValue];
        for (int i = 0; i < _parts.Length; i++)
        {
            if (_values[i] is { } values)
            {
                var writer = new KeyWriter(room);
                writer.WriteFound(_parts[i], bag);
                values.Add(XxHash3.HashToUInt64(room[..writer.Length]));
            }
        }
    }
}
