using Microsoft.Extensions.Logging;

namespace FastMixer.Adapters.Prometheus;

/// <summary>What the operator is told of scrapes. Ids never change.</summary>
internal static partial class PrometheusLog
{
    [LoggerMessage(70, LogLevel.Warning, "{Handler} ended before its last values were scraped: nobody came within {Wait}.")]
    public static partial void NotScraped(ILogger logger, string handler, TimeSpan wait);
}
