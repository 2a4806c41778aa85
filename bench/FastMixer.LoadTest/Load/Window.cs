using System.Diagnostics;

namespace FastMixer.LoadTest.Load;

/// <summary>When a round measures, in ticks of <see cref="Stopwatch"/>.</summary>
/// <param name="Start">When the warm-up is over.</param>
/// <param name="End">When no more requests are sent.</param>
internal sealed record Window(long Start, long End)
{
    /// <summary>A window that opens after a warm-up that begins now.</summary>
    public static Window After(TimeSpan warmup, TimeSpan duration)
    {
        var start = Stopwatch.GetTimestamp() + Ticks(warmup);
        return new Window(start, start + Ticks(duration));
    }

    /// <summary>A duration in ticks.</summary>
    public static long Ticks(TimeSpan duration) => (long)(duration.TotalSeconds * Stopwatch.Frequency);

    /// <summary>Whether a moment counts.</summary>
    public bool Contains(long moment) => moment >= Start && moment < End;

    /// <summary>The time from now to a moment, or zero.</summary>
    public static TimeSpan Until(long moment) => TimeSpan.FromTicks(Math.Max(0, Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), moment).Ticks));
}
