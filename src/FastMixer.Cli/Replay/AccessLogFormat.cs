namespace FastMixer.Cli.Replay;

/// <summary>How the lines of a log are made up.</summary>
internal enum AccessLogFormat
{
    /// <summary><c>client ident user [time] "request" status size "referer" "user agent"</c>; further fields are ignored.</summary>
    Combined,

    /// <summary>The same up to the size; whatever follows is ignored.</summary>
    Common,
}
