using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using FastMixer.Cli.Attributes;

namespace FastMixer.Cli.Replay;

/// <summary>
/// Reads lines of the common and the combined log format of Apache, nginx and others. Never throws, whatever a line holds.
/// </summary>
internal static class AccessLogParser
{
    private const int MostShownChars = 40;
    private const string None = "-";

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="format">How it is made up. A combined line may end early: a missing referer or user agent is absent.</param>
    /// <param name="entry">The request.</param>
    /// <param name="why">Why there is none.</param>
    public static bool TryParse(
        LogLine line, AccessLogFormat format, [NotNullWhen(true)] out AccessLogEntry? entry, [NotNullWhen(false)] out string? why)
    {
        entry = null;
        if (line.IsTooLong)
        {
            why = $"the line is longer than {AccessLogReader.MaxLineBytes} bytes";
            return false;
        }

        var cursor = new LogCursor(line.Text);
        bool parsed = TryParse(ref cursor, format, out entry);
        why = parsed ? null : cursor.Problem ?? "the line is of no known form";
        return parsed;
    }

    private static bool TryParse(ref LogCursor cursor, AccessLogFormat format, out AccessLogEntry? entry)
    {
        entry = null;
        if (cursor.IsAtEnd)
        {
            return cursor.Fail("the line is empty");
        }

        if (!cursor.TryTakeWord("the client", out ReadOnlySpan<char> client)
            || !cursor.TryTakeTime(out ReadOnlySpan<char> identAndUser, out ReadOnlySpan<char> timeText)
            || !TryReadTime(ref cursor, timeText, out long time)
            || !cursor.TryTakeQuoted("the request", mayBeCut: false, out ReadOnlySpan<char> requestText)
            || !TryReadRequest(ref cursor, requestText, out RequestLine? request)
            || !cursor.TryTakeWord("the status", out ReadOnlySpan<char> statusText)
            || !TryReadStatus(ref cursor, statusText, out int? status)
            || !cursor.TryTakeWord("the size", out ReadOnlySpan<char> sizeText)
            || !TryReadSize(ref cursor, sizeText, out long size))
        {
            return false;
        }

        string? referer = null;
        string? userAgent = null;
        if (format == AccessLogFormat.Combined
            && (!TryReadOptional(ref cursor, "the referer", out referer) || !TryReadOptional(ref cursor, "the user agent", out userAgent)))
        {
            return false;
        }

        entry = new AccessLogEntry
        {
            Source = client.ToString(),
            SourceAddress = ReadAddress(client),
            User = ReadUser(identAndUser),
            Time = time,
            Request = request,
            Status = status,
            Size = size,
            Referer = referer,
            UserAgent = userAgent,
        };
        return true;
    }

    private static byte[]? ReadAddress(ReadOnlySpan<char> client)
    {
        // The zone of a link-local address, fe80::1%eth0, says something about the logging host only.
        int zone = client.IndexOf('%');
        return IpAddressText.TryParse(zone < 0 ? client : client[..zone], out byte[] address) ? address : null;
    }

    private static string? ReadUser(ReadOnlySpan<char> identAndUser)
    {
        // The ident is one word, nearly always "-"; all behind it is the user, who may have spaces in the name.
        int space = identAndUser.IndexOf(' ');
        ReadOnlySpan<char> user = space < 0 ? default : identAndUser[space..].Trim(' ');
        if (user.IsEmpty || user is None)
        {
            return null;
        }

        bool quoted = user.Length > 1 && user[0] == '"' && user[^1] == '"';
        return LogText.Unescape(quoted ? user[1..^1] : user);
    }

    private static bool TryReadTime(ref LogCursor cursor, ReadOnlySpan<char> text, out long time) =>
        LogTime.TryParse(text, out time) || cursor.Fail($"'{Shown(text)}' is no time; expected {LogTime.Expected}");

    private static bool TryReadRequest(ref LogCursor cursor, ReadOnlySpan<char> text, [NotNullWhen(true)] out RequestLine? request) =>
        RequestLine.TryParse(LogText.Unescape(text), out request)
        || cursor.Fail($"'{Shown(text)}' is no HTTP request; expected METHOD TARGET PROTOCOL");

    private static bool TryReadStatus(ref LogCursor cursor, ReadOnlySpan<char> text, out int? status)
    {
        status = null;
        if (text is None)
        {
            return true;
        }

        bool valid = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= 999;
        status = number;
        return valid || cursor.Fail($"'{Shown(text)}' is no status; expected a number such as 200, or -");
    }

    private static bool TryReadSize(ref LogCursor cursor, ReadOnlySpan<char> text, out long size)
    {
        size = 0;
        return text is None
            || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size)
            || cursor.Fail($"'{Shown(text)}' is no size; expected a number of bytes, or -");
    }

    private static bool TryReadOptional(ref LogCursor cursor, string what, out string? text)
    {
        text = null;
        if (cursor.IsAtEnd)
        {
            return true;
        }

        if (!cursor.TryTakeQuoted(what, mayBeCut: true, out ReadOnlySpan<char> quoted))
        {
            return false;
        }

        text = quoted is None ? null : LogText.Unescape(quoted);
        return true;
    }

    private static string Shown(ReadOnlySpan<char> text) => text.Length <= MostShownChars ? text.ToString() : $"{text[..MostShownChars]}…";
}
