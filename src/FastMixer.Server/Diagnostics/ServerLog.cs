using Microsoft.Extensions.Logging;

namespace FastMixer.Server;

/// <summary>What the server tells its operator. Ids never change.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Error, "A session ended by a fault of the server; others are not affected.")]
    public static partial void SessionFaulted(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "Accepting a connection at {Address} failed ({Error}); trying again in {Delay}.")]
    public static partial void AcceptFailed(ILogger logger, string address, string error, TimeSpan delay);

    [LoggerMessage(3, LogLevel.Error, "The listener at {Address} ended by a fault of the server.")]
    public static partial void ListenerFaulted(ILogger logger, string address, Exception exception);

    [LoggerMessage(4, LogLevel.Information, "Draining {Sessions} connections, for {Grace} at most.")]
    public static partial void Draining(ILogger logger, int sessions, TimeSpan grace);

    [LoggerMessage(5, LogLevel.Warning, "{Sessions} connections were still open at the end of the grace and are closed.")]
    public static partial void DrainExpired(ILogger logger, int sessions);

    [LoggerMessage(6, LogLevel.Error, "A datagram could not be served by a fault of the server.")]
    public static partial void DatagramFaulted(ILogger logger, Exception exception);

    [LoggerMessage(7, LogLevel.Warning, "Connections are closed because their base attributes do not fit policy {Generation}: {Fault}")]
    public static partial void BaseMisfit(ILogger logger, long generation, string fault);

    [LoggerMessage(8, LogLevel.Warning, "Overloaded: requests have waited {Target} and more for {Interval}; those that wait so long are refused.")]
    public static partial void OverloadBegan(ILogger logger, TimeSpan target, TimeSpan interval);

    [LoggerMessage(9, LogLevel.Information, "Overloaded no more; {Checks} checks and {Reports} reports were refused since the start.")]
    public static partial void OverloadEnded(ILogger logger, long checks, long reports);

    [LoggerMessage(10, LogLevel.Warning, "The handler \"{Handler}\" did not end well: {Cause}")]
    public static partial void HandlerNotEnded(ILogger logger, string handler, string cause);
}
