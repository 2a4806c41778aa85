using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Messages;

namespace FastMixer.Policy.Config;

/// <summary>The field <c>resilience</c> of handlers.</summary>
internal static class ResilienceReader
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly string[] Fallbacks = ["error", "open", "closed"];

    /// <summary>Reads it.</summary>
    /// <param name="reader">The fields of <c>resilience</c>.</param>
    public static Resilience Read(ParameterReader reader)
    {
        var defaults = new Resilience();
        var resilience = new Resilience
        {
            Timeout = reader.Duration("timeout", defaults.Timeout, Millisecond, Minute),
            MaxConcurrency = reader.Int32("maxConcurrency", defaults.MaxConcurrency, 1, 65_536),
            MaxQueue = reader.Int32("maxQueue", defaults.MaxQueue, 0, 65_536),
            Retry = ReadRetry(reader.Object("retry")),
            CircuitBreaker = ReadBreaker(reader.Object("circuitBreaker")),
            Stale = ReadStale(reader.Object("stale")),
            Fallback = ReadFallback(reader),
            Reuse = reader.Duration("reuse", defaults.Reuse, TimeSpan.Zero, Minute),
            CacheEntries = reader.Int32("cacheEntries", defaults.CacheEntries, 64, 16 * 1024 * 1024),
            CacheBytes = reader.Int64("cacheBytes", defaults.CacheBytes, 64 * 1024, 16L * 1024 * 1024 * 1024),
        };
        reader.End();
        return resilience;
    }

    private static RetrySettings ReadRetry(ParameterReader? reader)
    {
        var defaults = new RetrySettings();
        if (reader is null)
        {
            return defaults;
        }

        var retry = new RetrySettings
        {
            Attempts = reader.Int32("attempts", defaults.Attempts, 0, 10),
            PerTryTimeout = ReadOptional(reader, "perTryTimeout", Minute),
            Backoff = reader.Duration("backoff", defaults.Backoff, Millisecond, Minute),
            MaxBackoff = reader.Duration("maxBackoff", defaults.MaxBackoff, Millisecond, Minute),
        };
        reader.End();
        return retry;
    }

    private static BreakerSettings ReadBreaker(ParameterReader? reader)
    {
        var defaults = new BreakerSettings();
        if (reader is null)
        {
            return defaults;
        }

        var breaker = new BreakerSettings
        {
            FailureRatio = reader.Double("failureRatio", defaults.FailureRatio, 0.01, 1),
            MinimumThroughput = reader.Int32("minimumThroughput", defaults.MinimumThroughput, 2, 1_000_000),
            SamplingDuration = reader.Duration("samplingDuration", defaults.SamplingDuration, Millisecond * 500, Hour),
            BreakDuration = reader.Duration("breakDuration", defaults.BreakDuration, Millisecond * 500, Hour),
        };
        reader.End();
        return breaker;
    }

    private static StaleSettings ReadStale(ParameterReader? reader)
    {
        if (reader is null)
        {
            return new StaleSettings();
        }

        var stale = new StaleSettings
        {
            MaxAge = reader.Duration("maxAge", TimeSpan.Zero, TimeSpan.Zero, Week),
            StaleAfter = ReadOptional(reader, "staleAfter", Minute),
        };
        if (stale.StaleAfter is not null && stale.MaxAge == TimeSpan.Zero)
        {
            reader.Fail(reader.Place, "\"staleAfter\" means nothing without a \"maxAge\", which says how long a stale answer may help out.");
        }

        reader.End();
        return stale;
    }

    private static TimeSpan? ReadOptional(ParameterReader reader, string name, TimeSpan greatest) =>
        reader.Field(name) is null ? null : reader.Duration(name, greatest, Millisecond, greatest);

    private static FallbackAnswer? ReadFallback(ParameterReader reader) => reader.Field("fallback")?.Value switch
    {
        null => null,
        ScalarNode scalar => ReadName(reader, scalar),
        _ => ReadAnswer(reader.Object("fallback")!),
    };

    private static FallbackAnswer? ReadName(ParameterReader reader, ScalarNode scalar)
    {
        switch (scalar.Text)
        {
            case "open":
                return FallbackAnswer.Open;
            case "closed":
                return FallbackAnswer.Closed;
            case "error":
                return null;
            default:
                reader.Fail(
                    scalar.Place,
                    $"\"fallback\": expected error, open, closed or a mapping with a status and a message, found {scalar.Describe()}."
                    + Suggestion.For(scalar.Text, Fallbacks));
                return null;
        }
    }

    private static FallbackAnswer ReadAnswer(ParameterReader reader)
    {
        if (reader.IsMapping && reader.Field("status") is null)
        {
            reader.Fail(reader.Place, "The field \"status\" is missing.");
        }

        StatusCode status = StatusCodeField.Read(reader, "status", FallbackAnswer.Closed.Status);
        if (status == StatusCode.Ok)
        {
            reader.Fail(reader.Field("status")!.Value.Place, "\"status\": OK allows the request, for which \"fallback: open\" is to be written.");
        }

        var answer = new FallbackAnswer(status, reader.Text("message", FallbackAnswer.Closed.Message));
        reader.End();
        return answer;
    }
}
