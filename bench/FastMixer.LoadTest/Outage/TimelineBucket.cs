using HdrHistogram;

namespace FastMixer.LoadTest.Outage;

/// <summary>What callers saw of the checks that were due in one part of the time.</summary>
internal sealed class TimelineBucket
{
    // 1 µs to 2 minutes, to a hundredth of the value: a bucket is small, and there are hundreds.
    private const long LowestMicroseconds = 1;
    private const long HighestMicroseconds = 120_000_000;
    private const int Digits = 2;

    private readonly LongHistogram _latency = new(LowestMicroseconds, HighestMicroseconds, Digits);

    /// <summary>Checks that were decided.</summary>
    public long Decided { get; private set; }

    /// <summary>Checks that were not.</summary>
    public long Failed { get; private set; }

    /// <summary>All checks.</summary>
    public long Count => Decided + Failed;

    /// <summary>The share that was decided; null without checks.</summary>
    public double? Availability => Count == 0 ? null : (double)Decided / Count;

    /// <summary>Adds a check.</summary>
    public void Add(bool decided, TimeSpan latency)
    {
        _latency.RecordValue(Math.Clamp((long)latency.TotalMicroseconds, 0, HighestMicroseconds));
        if (decided)
        {
            Decided++;
        }
        else
        {
            Failed++;
        }
    }

    /// <summary>Adds what another one saw.</summary>
    public void Add(TimelineBucket other)
    {
        _latency.Add(other._latency);
        Decided += other.Decided;
        Failed += other.Failed;
    }

    /// <summary>The time, in seconds, that a share of the checks did not exceed, the failed ones too; null without checks.</summary>
    public double? Percentile(double percent) => Count == 0 ? null : _latency.GetValueAtPercentile(percent) / 1e6;
}
