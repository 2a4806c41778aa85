using System.Buffers;
using System.Globalization;

namespace FastMixer.Cli.Attributes;

/// <summary>
/// Spans of time as Go and the policy language write them: <c>20ms</c>, <c>1h2m3s</c>, <c>-1.5s</c>; nanoseconds, exactly.
/// </summary>
internal static class DurationText
{
    /// <summary>What a duration looks like, for messages.</summary>
    public const string Expected = "a duration such as 20ms, 1.5s or 1h2m3s";

    private const long Second = 1_000_000_000;

    // One more than the longest positive duration: the longest negative one has it.
    private const decimal MostNanoseconds = 9_223_372_036_854_775_808m;

    private static readonly SearchValues<char> AmountChars = SearchValues.Create("0123456789.");

    // The longest suffix that fits must come first: "ms" before "m".
    private static readonly (string Suffix, long Nanoseconds)[] Units =
    [
        ("ns", 1), ("us", 1_000), ("µs", 1_000), ("μs", 1_000), ("ms", 1_000_000), ("s", Second), ("m", 60 * Second), ("h", 3600 * Second),
    ];

    /// <summary>Reads a duration.</summary>
    /// <param name="text">Amounts with units, one after the other, and a sign before the first; or 0.</param>
    /// <param name="nanoseconds">The duration.</param>
    /// <returns>False if it is none, or does not fit 64 bits of nanoseconds.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out long nanoseconds)
    {
        nanoseconds = 0;
        bool negative = text.StartsWith("-");
        ReadOnlySpan<char> rest = negative || text.StartsWith("+") ? text[1..] : text;
        if (rest is "0")
        {
            return true;
        }

        decimal total = 0;
        bool any = false;
        while (!rest.IsEmpty)
        {
            if (!TryTakePart(ref rest, out decimal part))
            {
                return false;
            }

            total += part;
            any = true;
        }

        // Go drops what is less than a nanosecond.
        total = decimal.Truncate(negative ? -total : total);
        if (!any || total < long.MinValue || total > long.MaxValue)
        {
            return false;
        }

        nanoseconds = (long)total;
        return true;
    }

    /// <summary>Writes a duration for people: one unit, at most three digits behind the point, such as <c>1.234ms</c>.</summary>
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

    private static bool TryTakePart(ref ReadOnlySpan<char> rest, out decimal nanoseconds)
    {
        nanoseconds = 0;
        int digits = rest.IndexOfAnyExcept(AmountChars);
        if (digits <= 0
            || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal amount))
        {
            return false;
        }

        rest = rest[digits..];
        foreach ((string suffix, long size) in Units)
        {
            if (rest.StartsWith(suffix, StringComparison.Ordinal))
            {
                rest = rest[suffix.Length..];

                // Compared before it is multiplied: a decimal overflows by an exception.
                bool fits = amount <= MostNanoseconds / size;
                nanoseconds = fits ? amount * size : 0;
                return fits;
            }
        }

        return false;
    }
}
