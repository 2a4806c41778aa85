using System.Globalization;

namespace FastMixer.Cli.Replay;

/// <summary>The time of a log's line, <c>17/May/2015:10:05:03 +0200</c>.</summary>
internal static class LogTime
{
    /// <summary>What a time looks like, for messages.</summary>
    public const string Expected = "a time such as 17/May/2015:10:05:03 +0200";

    private const string Pattern = "dd/MMM/yyyy:HH:mm:ss";

    /// <summary>Reads a time.</summary>
    /// <param name="text">What stands between the brackets.</param>
    /// <param name="nanoseconds">Nanoseconds since 1970-01-01T00:00:00Z.</param>
    /// <returns>False if it is none, or out of the protocol's range.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out long nanoseconds)
    {
        nanoseconds = 0;
        if (text.Length != Pattern.Length + " +hhmm".Length
            || text[Pattern.Length] != ' '
            || text[Pattern.Length + 1] is not ('+' or '-')
            || !int.TryParse(text[(Pattern.Length + 2)..], NumberStyles.None, CultureInfo.InvariantCulture, out int zone)
            || zone / 100 > 23
            || zone % 100 > 59
            || !DateTime.TryParseExact(
                text[..Pattern.Length], Pattern, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime local))
        {
            return false;
        }

        int minutes = ((zone / 100) * 60) + (zone % 100);
        long offset = minutes * TimeSpan.TicksPerMinute * (text[Pattern.Length + 1] == '-' ? -1 : 1);
        Int128 total = (Int128)(local.Ticks - DateTime.UnixEpoch.Ticks - offset) * TimeSpan.NanosecondsPerTick;
        bool fits = total >= long.MinValue && total <= long.MaxValue;
        nanoseconds = fits ? (long)total : 0;
        return fits;
    }
}
