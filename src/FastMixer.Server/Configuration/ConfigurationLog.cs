using Microsoft.Extensions.Logging;

namespace FastMixer.Server.Configuration;

/// <summary>What the operator is told of the policy. Ids never change.</summary>
internal static partial class ConfigurationLog
{
    [LoggerMessage(20, LogLevel.Information, "Policy {Generation} is in force: {Rules} rules; handlers: {Kept} kept, {Created} new, {Ended} ended; {Milliseconds} ms.")]
    public static partial void Replaced(ILogger logger, long generation, int rules, int kept, int created, int ended, long milliseconds);

    [LoggerMessage(21, LogLevel.Error, "The policy in {Folder} is not valid ({Errors} errors): policy {Generation} stays in force.")]
    public static partial void Refused(ILogger logger, string folder, int errors, long generation);

    [LoggerMessage(22, LogLevel.Error, "{Problem} Policy {Generation} stays in force.")]
    public static partial void HandlerNotStarted(ILogger logger, string problem, long generation);

    [LoggerMessage(23, LogLevel.Error, "The policy in {Folder} could not be loaded by a fault of the server: policy {Generation} stays in force.")]
    public static partial void Faulted(ILogger logger, string folder, long generation, Exception exception);

    [LoggerMessage(24, LogLevel.Error, "{Problem}")]
    public static partial void Error(ILogger logger, string problem);

    [LoggerMessage(25, LogLevel.Warning, "{Problem}")]
    public static partial void Warning(ILogger logger, string problem);

    [LoggerMessage(26, LogLevel.Warning, "Something still used policy {Generation} {Time} after it was replaced: its handlers are ended all the same.")]
    public static partial void DrainTimedOut(ILogger logger, long generation, TimeSpan time);

    [LoggerMessage(27, LogLevel.Warning, "The handler \"{Handler}\" of policy {Generation}, which was replaced, did not end well: {Cause}")]
    public static partial void HandlerNotEnded(ILogger logger, string handler, long generation, string cause);
}
