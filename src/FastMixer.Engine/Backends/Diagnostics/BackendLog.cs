using Microsoft.Extensions.Logging;

namespace FastMixer.Engine.Backends.Diagnostics;

/// <summary>What an operator is told of backends. Ids never change.</summary>
internal static partial class BackendLog
{
    /// <summary>The category of all of them.</summary>
    public const string Category = "FastMixer.Backends";

    [LoggerMessage(200, LogLevel.Warning, "{Handler}: the circuit breaker is open, its backend is left alone for a while. The last failure: {Cause}")]
    public static partial void BreakerOpened(ILogger logger, string handler, string cause);

    [LoggerMessage(201, LogLevel.Information, "{Handler}: the circuit breaker is closed, its backend is asked again.")]
    public static partial void BreakerClosed(ILogger logger, string handler);

    [LoggerMessage(202, LogLevel.Warning, "{Handler}: stale answers help out: {Reason}.")]
    public static partial void ServingStale(ILogger logger, string handler, string reason);

    [LoggerMessage(203, LogLevel.Warning, "{Handler}: the fallback is answered: {Reason}.")]
    public static partial void ServingFallback(ILogger logger, string handler, string reason);

    [LoggerMessage(204, LogLevel.Error, "{Handler}: checks fail: {Reason}.")]
    public static partial void Failing(ILogger logger, string handler, string reason);

    [LoggerMessage(205, LogLevel.Information, "{Handler}: all answers are its backend's again.")]
    public static partial void AnswersAgain(ILogger logger, string handler);
}
