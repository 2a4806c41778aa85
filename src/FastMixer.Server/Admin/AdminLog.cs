using Microsoft.Extensions.Logging;

namespace FastMixer.Server.Admin;

/// <summary>What the admin endpoint tells the operator. Ids never change.</summary>
internal static partial class AdminLog
{
    [LoggerMessage(200, LogLevel.Error, "The admin page {Path} could not be made.")]
    public static partial void PageFailed(ILogger logger, string path, Exception exception);

    [LoggerMessage(201, LogLevel.Debug, "The answer to {Path} could not be sent: {Problem}")]
    public static partial void NotSent(ILogger logger, string path, string problem);
}
