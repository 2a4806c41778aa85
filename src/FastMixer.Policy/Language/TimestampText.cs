using System.Globalization;
using System.Text.RegularExpressions;

namespace FastMixer.Policy.Language;

/// <summary>Moments as RFC 3339 writes them, to the nanosecond: <c>2015-01-02T15:04:35.5Z</c>.</summary>
public static partial class TimestampText
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Reads a moment.</summary>
    /// <param name="text">The text.</param>
    /// <param name="nanoseconds">Nanoseconds since 1970-01-01T00:00:00Z.</param>
    /// <returns>False if the text is no moment, or one that 64 bits of nanoseconds do not hold.</returns>
    public static bool TryParse(string text, out long nanoseconds)
    {
        nanoseconds = 0;
        Match match = Rfc3339().Match(text);
        if (!match.Success
            || !DateTimeOffset.TryParseExact(
                $"{match.Groups["date"].Value}T{match.Groups["time"].Value}{match.Groups["zone"].Value.ToUpperInvariant()}",
                "yyyy-MM-dd'T'HH:mm:ssK",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out DateTimeOffset moment))
        {
            return false;
        }

        string fraction = match.Groups["fraction"].Value.PadRight(9, '0');
        Int128 total = ((Int128)moment.ToUnixTimeSeconds() * NanosecondsPerSecond) + int.Parse(fraction, CultureInfo.InvariantCulture);
        bool fits = total >= long.MinValue && total <= long.MaxValue;
        nanoseconds = fits ? (long)total : 0;
        return fits;
    }

    /// <summary>Writes a moment in UTC, with no more digits of a second than it needs.</summary>
    /// <param name="nanoseconds">Nanoseconds since 1970-01-01T00:00:00Z.</param>
    public static string Format(long nanoseconds)
    {
        long seconds = Math.DivRem(nanoseconds, NanosecondsPerSecond, out long fraction);
        if (fraction < 0)
        {
            seconds--;
            fraction += NanosecondsPerSecond;
        }

        string whole = DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        string digits = fraction == 0 ? "" : "." + fraction.ToString("000000000", CultureInfo.InvariantCulture).TrimEnd('0');
        return whole + digits + "Z";
    }

    [GeneratedRegex(
        @"^(?<date>\d{4}-\d\d-\d\d)[Tt](?<time>\d\d:\d\d:\d\d)(\.(?<fraction>\d{1,9}))?(?<zone>[Zz]|[+-]\d\d:\d\d)$",
        RegexOptions.CultureInvariant | RegexOptions.ECMAScript)]
    private static partial Regex Rfc3339();
}
