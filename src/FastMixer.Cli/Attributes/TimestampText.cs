using System.Globalization;

namespace FastMixer.Cli.Attributes;

/// <summary>Moments as RFC 3339 writes them, <c>2015-01-02T15:04:35.123456789+01:00</c>, to nanoseconds since 1970.</summary>
internal static class TimestampText
{
    /// <summary>What a moment looks like, for messages.</summary>
    public const string Expected = "an RFC 3339 time between 1677-09-21T00:12:44Z and 2262-04-11T23:47:16Z, such as 2015-01-02T15:04:35.5Z";

    private const string Pattern = "yyyy-MM-ddTHH:mm:ss";
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const int MostFractionDigits = 9;

    /// <summary>Reads a moment.</summary>
    /// <param name="text">A date, a time and a zone; up to nine digits of a second's fraction.</param>
    /// <param name="nanoseconds">Nanoseconds since 1970-01-01T00:00:00Z.</param>
    /// <returns>False if it is none, or out of the protocol's range.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out long nanoseconds)
    {
        nanoseconds = 0;
        if (text.Length <= Pattern.Length
            || !TryReadSeconds(text[..Pattern.Length], out long seconds)
            || !TryReadFraction(text[Pattern.Length..], out long fraction, out int taken)
            || !TryReadZone(text[(Pattern.Length + taken)..], out long offset))
        {
            return false;
        }

        Int128 total = ((Int128)(seconds - offset) * NanosecondsPerSecond) + fraction;
        bool fits = total >= long.MinValue && total <= long.MaxValue;
        nanoseconds = fits ? (long)total : 0;
        return fits;
    }

    private static bool TryReadSeconds(ReadOnlySpan<char> text, out long seconds)
    {
        Span<char> upper = stackalloc char[Pattern.Length];
        text.ToUpperInvariant(upper);
        bool valid = DateTime.TryParseExact(
            upper, Pattern, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime moment);
        seconds = (moment.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;
        return valid;
    }

    private static bool TryReadFraction(ReadOnlySpan<char> text, out long nanoseconds, out int taken)
    {
        nanoseconds = 0;
        taken = 0;
        if (text[0] != '.')
        {
            return true;
        }

        int digits = 0;
        while (digits + 1 < text.Length && char.IsAsciiDigit(text[digits + 1]))
        {
            digits++;
        }

        taken = digits + 1;
        if (digits is 0 or > MostFractionDigits)
        {
            return false;
        }

        nanoseconds = long.Parse(text.Slice(1, digits), NumberStyles.None, CultureInfo.InvariantCulture);
        for (int i = digits; i < MostFractionDigits; i++)
        {
            nanoseconds *= 10;
        }

        return true;
    }

    private static bool TryReadZone(ReadOnlySpan<char> text, out long seconds)
    {
        seconds = 0;
        if (text is "Z" or "z")
        {
            return true;
        }

        if (text.Length != 6
            || text[0] is not ('+' or '-')
            || text[3] != ':'
            || !int.TryParse(text[1..3], NumberStyles.None, CultureInfo.InvariantCulture, out int hours)
            || !int.TryParse(text[4..6], NumberStyles.None, CultureInfo.InvariantCulture, out int minutes)
            || hours > 23
            || minutes > 59)
        {
            return false;
        }

        seconds = ((hours * 60) + minutes) * 60 * (text[0] == '-' ? -1 : 1);
        return true;
    }
}
