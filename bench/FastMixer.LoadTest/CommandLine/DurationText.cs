using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FastMixer.LoadTest.CommandLine;

/// <summary>Durations as operators write them: a number and one of us, ms, s, m, h.</summary>
internal static class DurationText
{
    private static readonly (string Suffix, long Ticks)[] Units =
    [
        ("us", TimeSpan.TicksPerMicrosecond),
        ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour),
    ];

    /// <summary>Reads a duration of at most a thousand hours; false if the text is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TimeSpan duration)
    {
        duration = default;
        foreach (var (suffix, ticks) in Units)
        {
            if (text is not null
                && text.EndsWith(suffix, StringComparison.Ordinal)
                && double.TryParse(text[..^suffix.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * ticks <= TimeSpan.TicksPerHour * 1000.0)
            {
                duration = TimeSpan.FromTicks((long)(number * ticks));
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes a duration in the largest unit that leaves it whole.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "0s";
        }

        var (suffix, ticks) = Units.LastOrDefault(unit => duration.Ticks >= unit.Ticks && duration.Ticks % unit.Ticks == 0, Units[0]);
        return string.Create(CultureInfo.InvariantCulture, $"{(double)duration.Ticks / ticks:0.###}{suffix}");
    }
}
