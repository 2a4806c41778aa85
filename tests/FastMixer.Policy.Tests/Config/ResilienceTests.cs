using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Tests.Support;
using FastMixer.Protocol.Messages;

namespace FastMixer.Policy.Tests.Config;

/// <summary>The field <c>resilience</c> of handlers is read strictly, and for adapters with a backend only.</summary>
public sealed class ResilienceTests
{
    private const string NotUsed = "p.yaml:1:1: warning: No rule uses the handler \"h.handler.istio-system\".\n";

    [Fact]
    public void NothingSaid_HasTheDefaults()
    {
        Assert.Equal(new Resilience(), Read(""));
        Assert.Equal(new Resilience(), Read("resilience: {retry: {}, circuitBreaker: {}, stale: {}, fallback: error}"));
    }

    [Fact]
    public void EveryField_IsRead()
    {
        Resilience resilience = Read("""
            resilience:
              timeout: 500ms
              max_concurrency: 7
              maxQueue: 8
              retry: {attempts: 3, perTryTimeout: 100ms, backoff: 1ms, maxBackoff: 2ms}
              circuit_breaker: {failureRatio: 0.1, minimumThroughput: 5, samplingDuration: 1s, breakDuration: 2s}
              stale: {maxAge: 1h, stale_after: 50ms}
              fallback: {status: UNAVAILABLE, message: come back}
              reuse: 3s
              cacheEntries: 100
              cacheBytes: 100000
            """.ReplaceLineEndings("\n  "));

        var expected = new Resilience
        {
            Timeout = TimeSpan.FromMilliseconds(500),
            MaxConcurrency = 7,
            MaxQueue = 8,
            Retry = new RetrySettings
            {
                Attempts = 3,
                PerTryTimeout = TimeSpan.FromMilliseconds(100),
                Backoff = TimeSpan.FromMilliseconds(1),
                MaxBackoff = TimeSpan.FromMilliseconds(2),
            },
            CircuitBreaker = new BreakerSettings
            {
                FailureRatio = 0.1,
                MinimumThroughput = 5,
                SamplingDuration = TimeSpan.FromSeconds(1),
                BreakDuration = TimeSpan.FromSeconds(2),
            },
            Stale = new StaleSettings { MaxAge = TimeSpan.FromHours(1), StaleAfter = TimeSpan.FromMilliseconds(50) },
            Fallback = new FallbackAnswer(StatusCode.Unavailable, "come back"),
            Reuse = TimeSpan.FromSeconds(3),
            CacheEntries = 100,
            CacheBytes = 100_000,
        };
        Assert.Equal(expected, resilience);
    }

    [Theory]
    [InlineData("open", StatusCode.Ok, "")]
    [InlineData("closed", StatusCode.PermissionDenied, "the backend does not answer")]
    [InlineData("{status: 5}", StatusCode.NotFound, "the backend does not answer")]
    public void Fallback_IsANameOrAnAnswer(string fallback, StatusCode status, string message) =>
        Assert.Equal(new FallbackAnswer(status, message), Read($"resilience: {{fallback: {fallback}}}").Fallback);

    [Theory]
    [InlineData("{timout: 1s}", "p.yaml:3:46: error: Unknown field \"timout\". Did you mean \"timeout\"?")]
    [InlineData("{timeout: 2m}", "p.yaml:3:55: error: \"timeout\": expected a duration from 1ms to 1m0s, found '2m'.")]
    [InlineData("{timeout: soon}", "p.yaml:3:55: error: \"timeout\": expected a duration such as 5s or 1h30m, found 'soon'.")]
    [InlineData("{maxConcurrency: 0}", "p.yaml:3:62: error: \"maxConcurrency\": expected a whole number from 1 to 65536, found '0'.")]
    [InlineData("{retry: {tries: 3}}", "p.yaml:3:54: error: Unknown field \"tries\". Known here: attempts, backoff, maxBackoff, perTryTimeout.")]
    [InlineData("{circuitBreaker: {failureRatio: 2}}", "p.yaml:3:77: error: \"failureRatio\": expected a number from 0.01 to 1, found '2'.")]
    [InlineData("{stale: {staleAfter: 1s}}", "p.yaml:3:53: error: \"staleAfter\" means nothing without a \"maxAge\", which says how long a stale answer may help out.")]
    [InlineData("{fallback: opn}", "p.yaml:3:56: error: \"fallback\": expected error, open, closed or a mapping with a status and a message, found 'opn'. Did you mean \"open\"?")]
    [InlineData("{fallback: {message: x}}", "p.yaml:3:56: error: The field \"status\" is missing.")]
    [InlineData("{fallback: {status: OK}}", "p.yaml:3:65: error: \"status\": OK allows the request, for which \"fallback: open\" is to be written.")]
    [InlineData("{fallback: {status: UNAVAIL}}", "p.yaml:3:65: error: \"status\": expected a number from 0 to 16 or a name such as PERMISSION_DENIED, found 'UNAVAIL'.")]
    [InlineData("[x]", "p.yaml:3:45: error: Expected a mapping of fields, found a list.")]
    public void WhatIsWrong_IsAProblem(string resilience, string expected) =>
        Assert.Equal(NotUsed + expected, Loaded.Problems($"kind: handler\nmetadata: {{name: h}}\nspec: {{compiledAdapter: remote, resilience: {resilience}}}"));

    [Fact]
    public void AdapterWithoutABackend_HasNoResilience() => Assert.Equal(
        NotUsed + "p.yaml:3:31: error: \"resilience\" is for handlers whose checks ask a backend; those of the adapter sink do not. How it sends reports, if it does, is among its params.",
        Loaded.Problems("kind: handler\nmetadata: {name: h}\nspec: {compiledAdapter: sink, resilience: {}}"));

    [Fact]
    public void ChangeOfResilience_IsAChangeOfTheHandler()
    {
        string[] fingerprints = [.. new[] { "", "resilience: {timeout: 1s}", "resilience: {timeout: 2s}" }.Select(text => Load(text).Fingerprint)];

        Assert.Equal(3, fingerprints.Distinct().Count());
        Assert.Equal(fingerprints[1], Load("resilience: {timeout: 1s}").Fingerprint);
    }

    private static Resilience Read(string field) => Load(field).Resilience;

    private static HandlerDefinition Load(string field)
    {
        LoadResult loaded = Loaded.Load($"kind: handler\nmetadata: {{name: h}}\nspec:\n  compiledAdapter: remote\n  {field}\n");
        Assert.True(loaded.Snapshot is not null, string.Join('\n', loaded.Problems));
        return loaded.Snapshot.Handlers.Single(handler => handler.FullName == "h.handler.istio-system");
    }
}
