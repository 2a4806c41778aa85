using System.Globalization;

namespace FastMixer.Cli.Output;

/// <summary>Durations that were measured, for people: one unit, at most three digits behind the point, such as <c>1.234ms</c>.</summary>
internal static class LatencyText
{
    private const long Second = 1_000_000_000;

    /// <summary>Writes a duration.</summary>
    /// <param name="duration">The duration.</param>
    public static string Format(TimeSpan duration)
    {
        decimal nanoseconds = (decimal)duration.Ticks * TimeSpan.NanosecondsPerTick;
        (string suffix, long size) = Math.Abs(nanoseconds) switch
        {
            0 => ("s", Second),
            < 1_000_000 => ("us", 1_000),
            < Second => ("ms", 1_000_000),
            _ => ("s", Second),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / size:0.###}{suffix}");
    }
}
