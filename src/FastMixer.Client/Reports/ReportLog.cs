using Microsoft.Extensions.Logging;

namespace FastMixer.Client.Reports;

/// <summary>What is told of reports. Ids never change.</summary>
internal static partial class ReportLog
{
    [LoggerMessage(
        400,
        LogLevel.Warning,
        "{Lost} reports were lost since this was last told: {Full} the buffer was full, {Refused} servers had no room, {Unavailable} no server was reached, "
        + "{Rejected} a server rejected, {TooLarge} too large, {Shutdown} the client ended, {Unacknowledged} without acknowledgement. Last problem: {Problem}")]
    public static partial void Lost(
        ILogger logger, long lost, long full, long refused, long unavailable, long rejected, long tooLarge, long shutdown, long unacknowledged, string problem);
}
