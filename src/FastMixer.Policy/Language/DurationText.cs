using System.Buffers;
using System.Globalization;

namespace FastMixer.Policy.Language;

/// <summary>Durations as Go writes them: <c>1h2m3s</c>, <c>-1.5s</c>, <c>20ms</c>, <c>0</c>.</summary>
public static class DurationText
{
    private static readonly SearchValues<char> DigitsAndPoint = SearchValues.Create("0123456789.");

    // One more than the longest positive duration: the longest negative one has it.
    private const decimal MostNanoseconds = 9_223_372_036_854_775_808m;

    private static readonly (string Unit, long Nanoseconds)[] Units =
    [
        ("ns", 1), ("us", 1_000), ("µs", 1_000), ("μs", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ];

    /// <summary>Reads a duration.</summary>
    /// <param name="text">The text; no spaces.</param>
    /// <param name="nanoseconds">Its nanoseconds.</param>
    /// <returns>False if the text is no duration, or one that 64 bits of nanoseconds do not hold.</returns>
    public static bool TryParse(string text, out long nanoseconds)
    {
        nanoseconds = 0;
        ReadOnlySpan<char> rest = text;
        bool negative = rest is ['-', ..];
        rest = rest is ['-' or '+', ..] ? rest[1..] : rest;
        if (rest is "0")
        {
            return true;
        }

        decimal total = 0;
        while (rest.Length > 0)
        {
            int digits = rest.IndexOfAnyExcept(DigitsAndPoint);
            if (digits <= 0
                || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal amount)
                || !TryTakeUnit(rest[digits..], out long unit, out int length)
                || amount > MostNanoseconds / unit)
            {
                return false;
            }

            total += amount * unit;
            rest = rest[(digits + length)..];
        }

        total = decimal.Truncate(negative ? -total : total);
        bool valid = text.Length > 0 && text is not ("-" or "+") && total >= long.MinValue && total <= long.MaxValue;
        nanoseconds = valid ? (long)total : 0;
        return valid;
    }

    /// <summary>Writes a duration as Go does.</summary>
    /// <param name="nanoseconds">Its nanoseconds.</param>
    public static string Format(long nanoseconds)
    {
        if (nanoseconds == 0)
        {
            return "0s";
        }

        string sign = nanoseconds < 0 ? "-" : "";
        decimal left = Math.Abs((decimal)nanoseconds);
        if (left < 1_000_000_000)
        {
            (string unit, long size) = left >= 1_000_000 ? ("ms", 1_000_000L) : left >= 1_000 ? ("µs", 1_000L) : ("ns", 1L);
            return sign + (left / size).ToString("0.######", CultureInfo.InvariantCulture) + unit;
        }

        decimal hours = decimal.Truncate(left / 3_600_000_000_000);
        left -= hours * 3_600_000_000_000;
        decimal minutes = decimal.Truncate(left / 60_000_000_000);
        left -= minutes * 60_000_000_000;
        string seconds = (left / 1_000_000_000).ToString("0.#########", CultureInfo.InvariantCulture) + "s";
        return sign + (hours > 0 ? $"{hours:0}h{minutes:0}m{seconds}" : minutes > 0 ? $"{minutes:0}m{seconds}" : seconds);
    }

    private static bool TryTakeUnit(ReadOnlySpan<char> text, out long nanoseconds, out int length)
    {
        int end = text.IndexOfAny(DigitsAndPoint);
        ReadOnlySpan<char> name = end < 0 ? text : text[..end];
        foreach ((string unit, long size) in Units)
        {
            if (name.SequenceEqual(unit))
            {
                (nanoseconds, length) = (size, name.Length);
                return true;
            }
        }

        (nanoseconds, length) = (1, 0);
        return false;
    }
}
