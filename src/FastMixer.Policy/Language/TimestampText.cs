using System.Globalization;
using System.Text;

namespace FastMixer.Policy.Language;

/// <summary>Moments as RFC 3339 writes them, to the nanosecond: <c>2015-01-02T15:04:35.5Z</c>.</summary>
public static class TimestampText
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const int FractionDigits = 9;

    /// <summary>Reads a moment.</summary>
    /// <param name="text">The text.</param>
    /// <param name="nanoseconds">Nanoseconds since 1970-01-01T00:00:00Z.</param>
    /// <returns>False if the text is no moment, or one that 64 bits of nanoseconds do not hold.</returns>
    public static bool TryParse(string text, out long nanoseconds) => TryParse(Encoding.UTF8.GetBytes(text), out nanoseconds);

    /// <summary>Reads a moment without allocating.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="nanoseconds">Nanoseconds since 1970-01-01T00:00:00Z.</param>
    /// <returns>False if the text is no moment, or one that 64 bits of nanoseconds do not hold.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out long nanoseconds)
    {
        nanoseconds = 0;
        ReadOnlySpan<byte> rest = utf8;
        bool hasDateAndTime = TryTakeNumber(ref rest, 4, out int year) & TryTake(ref rest, "-"u8)
            & TryTakeNumber(ref rest, 2, out int month) & TryTake(ref rest, "-"u8)
            & TryTakeNumber(ref rest, 2, out int day) & TryTake(ref rest, "Tt"u8)
            & TryTakeNumber(ref rest, 2, out int hour) & TryTake(ref rest, ":"u8)
            & TryTakeNumber(ref rest, 2, out int minute) & TryTake(ref rest, ":"u8)
            & TryTakeNumber(ref rest, 2, out int second)
            && year > 0 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            && hour < 24 && minute < 60 && second < 60;
        if (!hasDateAndTime || !TryTakeFraction(ref rest, out int fraction) || !TryTakeZone(ref rest, out int offsetMinutes) || !rest.IsEmpty)
        {
            return false;
        }

        long seconds = ((new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks)
            / TimeSpan.TicksPerSecond) - (offsetMinutes * 60L);
        Int128 total = ((Int128)seconds * NanosecondsPerSecond) + fraction;
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

    private static bool TryTake(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> anyOf)
    {
        bool found = !rest.IsEmpty && anyOf.Contains(rest[0]);
        rest = found ? rest[1..] : rest;
        return found;
    }

    private static bool TryTakeNumber(ref ReadOnlySpan<byte> rest, int digits, out int number)
    {
        number = 0;
        if (rest.Length < digits || rest[..digits].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        foreach (byte digit in rest[..digits])
        {
            number = (number * 10) + (digit - '0');
        }

        rest = rest[digits..];
        return true;
    }

    private static bool TryTakeFraction(ref ReadOnlySpan<byte> rest, out int nanoseconds)
    {
        nanoseconds = 0;
        if (!TryTake(ref rest, "."u8))
        {
            return true;
        }

        int end = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        int digits = end < 0 ? rest.Length : end;
        if (digits is 0 or > FractionDigits || !TryTakeNumber(ref rest, digits, out nanoseconds))
        {
            return false;
        }

        for (int i = digits; i < FractionDigits; i++)
        {
            nanoseconds *= 10;
        }

        return true;
    }

    private static bool TryTakeZone(ref ReadOnlySpan<byte> rest, out int offsetMinutes)
    {
        offsetMinutes = 0;
        if (TryTake(ref rest, "Zz"u8))
        {
            return true;
        }

        bool isWest = rest is [(byte)'-', ..];
        if (!TryTake(ref rest, "+-"u8)
            || !TryTakeNumber(ref rest, 2, out int hours)
            || !TryTake(ref rest, ":"u8)
            || !TryTakeNumber(ref rest, 2, out int minutes)
            || hours >= 24
            || minutes >= 60)
        {
            return false;
        }

        offsetMinutes = ((hours * 60) + minutes) * (isWest ? -1 : 1);
        return true;
    }
}
