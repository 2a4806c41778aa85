using Microsoft.Extensions.Logging;

namespace FastMixer.Client.Fleet;

/// <summary>What a fleet logs: once for each change.</summary>
internal static partial class FleetLog
{
    [LoggerMessage(1, LogLevel.Warning, "The server {Address} is not asked for now: {Reason}")]
    public static partial void ServerOut(ILogger logger, string address, string reason);

    [LoggerMessage(2, LogLevel.Information, "The server {Address} is asked again; it has its whole weight after {SlowStart}.")]
    public static partial void ServerIn(ILogger logger, string address, TimeSpan slowStart);

    [LoggerMessage(3, LogLevel.Information, "The server {Address} is part of the fleet, which has {Count} now.")]
    public static partial void ServerAdded(ILogger logger, string address, int count);

    [LoggerMessage(4, LogLevel.Information, "The server {Address} is no longer part of the fleet, which has {Count} now.")]
    public static partial void ServerRemoved(ILogger logger, string address, int count);

    [LoggerMessage(5, LogLevel.Warning, "The servers of {Address} stay as they are: {Reason}. It is looked up again, ever less often.")]
    public static partial void NameNotFound(ILogger logger, string address, string reason);

    [LoggerMessage(6, LogLevel.Information, "{Address} can be looked up again, and leads to {Count} servers.")]
    public static partial void NameFound(ILogger logger, string address, int count);

    [LoggerMessage(7, LogLevel.Warning, "{Address} does not answer datagrams, and takes a stream: that is used for {Time}.")]
    public static partial void DatagramsUnanswered(ILogger logger, string address, TimeSpan time);
}
