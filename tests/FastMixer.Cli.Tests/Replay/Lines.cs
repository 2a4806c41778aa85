using System.Diagnostics.CodeAnalysis;
using FastMixer.Cli.Replay;

namespace FastMixer.Cli.Tests.Replay;

/// <summary>Lines of a log, and their parsing.</summary>
internal static class Lines
{
    public const string Good =
        """10.0.0.1 - frank [17/May/2015:10:05:03 +0200] "GET /a?b=c HTTP/1.1" 200 512 "http://from/" "Mozilla/5.0" """;

    public static AccessLogEntry Parse(string line, AccessLogFormat format = AccessLogFormat.Combined)
    {
        Assert.True(AccessLogParser.TryParse(new LogLine(1, line), format, out AccessLogEntry? entry, out string? why), why);
        return entry;
    }

    public static bool TryParse(string line, [NotNullWhen(false)] out string? why) =>
        AccessLogParser.TryParse(new LogLine(1, line), AccessLogFormat.Combined, out _, out why);

    public static string Get(string path, string source = "10.0.0.1") =>
        $"{source} - - [17/May/2015:10:05:03 +0000] \"GET {path} HTTP/1.1\" 200 10 \"-\" \"-\"";

    public static async IAsyncEnumerable<LogLine> Of(params string[] lines)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            await Task.Yield();
            yield return new LogLine(i + 1, lines[i]);
        }
    }
}
