using Microsoft.Extensions.Logging;

namespace FastMixer.Engine.Reports;

/// <summary>Tells an operator of errors of the server itself on the way of reports: the first of each worker, since the others are counted. Any thread may tell.</summary>
/// <param name="loggers">Where it is told.</param>
/// <param name="worker">Whose errors they are: a handler's full name, or what else works on reports.</param>
internal sealed partial class ReportFaults(ILoggerFactory loggers, string worker)
{
    /// <summary>The category of what is told.</summary>
    public const string Category = "FastMixer.Reports";

    // Made at once: when a server ends, whoever makes loggers may have ended before its reports.
    private readonly ILogger _logger = loggers.CreateLogger(Category);
    private int _told;

    /// <summary>Tells of an exception that nobody expected; only the first time. Does not throw.</summary>
    public void Tell(Exception exception)
    {
        if (Interlocked.Exchange(ref _told, 1) == 0)
        {
            Failed(_logger, worker, exception);
        }
    }

    // The id never changes.
    [LoggerMessage(220, LogLevel.Error, "{Worker}: an error of this server itself. What it was at work on is dropped, the rest goes on; further ones are only counted.")]
    private static partial void Failed(ILogger logger, string worker, Exception exception);
}
