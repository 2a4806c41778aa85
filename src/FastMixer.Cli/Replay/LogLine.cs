namespace FastMixer.Cli.Replay;

/// <summary>One line of a log as it stands there.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Text">The line without its end; only its beginning if it is too long.</param>
/// <param name="IsTooLong">Whether it exceeds <see cref="AccessLogReader.MaxLineBytes"/>.</param>
internal readonly record struct LogLine(long Number, string Text, bool IsTooLong = false);
