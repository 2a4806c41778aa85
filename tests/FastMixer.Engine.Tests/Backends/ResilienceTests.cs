using FastMixer.Engine.Backends.Diagnostics;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Tests.Support;
using FastMixer.Protocol.Messages;

namespace FastMixer.Engine.Tests.Backends;

/// <summary>What a backend that is slow or down costs, and what is answered in its place; all on a clock that the tests move.</summary>
public sealed class ResilienceTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Timeout_EndsTheCall_AlsoOfAnAdapterThatDoesNotListen()
    {
        await using BackendRig rig = BackendRig.Start("{timeout: 200ms, retry: {attempts: 0}}");
        Task<Answer> check = rig.CheckAsync();

        rig.Time.Advance(TimeSpan.FromMilliseconds(199));
        bool early = check.IsCompleted || rig.Backend.Calls[0].Token.IsCancellationRequested;
        rig.Time.Advance(TimeSpan.FromMilliseconds(1));
        Answer answer = await check;

        Assert.False(early);
        Assert.EndsWith("its backend did not answer within 200ms", answer.Failure, StringComparison.Ordinal);
        Assert.Equal((1, 1), (rig.Counted("calls: timeout"), rig.Counted("failures: timeout")));

        // What comes after its time is of no use to anybody, and harms nobody.
        rig.Backend.Calls[0].Completion.SetException(new IOException("late"));
        Task<Answer> next = rig.CheckAsync();
        rig.Backend.Calls[1].Completion.SetResult(FakeBackend.Allowed());
        Assert.Equal(StatusCode.Ok, (await next).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Exception_IsAFailure_HoweverItIsThrown(bool later)
    {
        await using BackendRig rig = BackendRig.Start("{retry: {attempts: 0}}");
        foreach (Exception exception in (Exception[])[new IOException("gone"), new OperationCanceledException("gone"), new InvalidOperationException("gone")])
        {
            rig.Backend.Answer = later ? _ => ValueTask.FromException<CheckResult>(exception) : _ => throw exception;
            Answer answer = await rig.CheckAsync();
            Assert.EndsWith("failed: gone", answer.Failure, StringComparison.Ordinal);
        }

        Assert.Equal(3, rig.Counted("failures: error"));
    }

    [Fact]
    public async Task Retry_AsksAgain_AfterAPause()
    {
        await using BackendRig rig = BackendRig.Start("{retry: {attempts: 2, backoff: 100ms, maxBackoff: 150ms}}");
        rig.Backend.Answer = call => call.Number < 2 ? throw new IOException("gone") : new(FakeBackend.Allowed());
        Task<Answer> check = rig.CheckAsync();
        rig.Time.Advance(TimeSpan.FromMilliseconds(49));
        int beforeThePause = rig.Backend.Count;

        Answer answer = await rig.PassAsync(check, Second);

        Assert.Equal((1, 3, StatusCode.Ok), (beforeThePause, rig.Backend.Count, answer.Status));
        Assert.Equal((2, 1, 0), (rig.Counted("calls: error"), rig.Counted("calls: answered"), rig.Counted("failures: error")));
    }

    [Fact]
    public async Task PerTryTimeout_LeavesTimeForAnotherAttempt()
    {
        await using BackendRig rig = BackendRig.Start("{timeout: 1s, retry: {attempts: 1, perTryTimeout: 300ms, backoff: 10ms}}");
        rig.Backend.Answer = call => call.Number == 0 ? new(call.Completion.Task) : new(FakeBackend.Allowed());

        Answer answer = await rig.PassAsync(rig.CheckAsync(), Second);

        Assert.Equal((StatusCode.Ok, 2), (answer.Status, rig.Backend.Count));
    }

    [Fact]
    public async Task Retry_StopsWhereThePauseWouldOutlastTheDeadlineOrTheTimeout()
    {
        await using BackendRig rig = BackendRig.Start("{timeout: 1s, retry: {attempts: 10, backoff: 200ms, maxBackoff: 1s}}");
        rig.Backend.Answer = _ => throw new IOException("gone");

        Answer hasty = await rig.CheckAsync(patience: TimeSpan.FromMilliseconds(150));
        int callsOfHasty = rig.Backend.Count;
        long start = rig.Time.GetTimestamp();
        Answer patient = await rig.PassAsync(rig.CheckAsync(), TimeSpan.FromSeconds(5));

        // Pauses of up to 200, 400 and 800 ms: the third does not fit.
        Assert.Equal((1, 4), (callsOfHasty, rig.Backend.Count));
        Assert.True(rig.Time.GetElapsedTime(start) < Second);
        Assert.EndsWith("failed: gone", hasty.Failure, StringComparison.Ordinal);
        Assert.EndsWith("failed: gone", patient.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Breaker_OpensOnce_IsToldOnce_AndClosesWhenTheBackendAnswers()
    {
        await using BackendRig rig = BackendRig.Start(
            "{retry: {attempts: 0}, circuitBreaker: {failureRatio: 0.5, minimumThroughput: 4, samplingDuration: 10s, breakDuration: 5s}, reuse: 0s}");
        rig.Backend.Answer = _ => throw new IOException("gone");
        var answers = new List<Answer>();
        for (int i = 0; i < 20; i++)
        {
            answers.Add(await rig.CheckAsync($"{i}"));
        }

        BreakerState whileFailing = rig.Handler.Health.Breaker;
        int calls = rig.Backend.Count;
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        await rig.CheckAsync("trial");
        BreakerState afterTrial = rig.Handler.Health.Breaker;
        await rig.CheckAsync("refused");
        int callsAfterTrial = rig.Backend.Count;
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        rig.Backend.Answer = _ => new(FakeBackend.Allowed());
        Answer recovered = await rig.CheckAsync("x");
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        await rig.CheckAsync("y");

        Assert.Equal((BreakerState.Open, 4), (whileFailing, calls));
        Assert.EndsWith("its backend has failed too often and is left alone for a while", answers[^1].Failure, StringComparison.Ordinal);
        Assert.Equal((BreakerState.Open, 5), (afterTrial, callsAfterTrial));
        Assert.Equal((StatusCode.Ok, BreakerState.Closed), (recovered.Status, rig.Handler.Health.Breaker));
        Assert.Equal((5, 17), (rig.Counted("failures: error"), rig.Counted("failures: breaker")));
        Assert.Equal(
            [
                "Error checks fail: gone.",
                "Warning the circuit breaker is open, its backend is left alone for a while. The last failure: gone",
                "Information the circuit breaker is closed, its backend is asked again.",
                "Information all answers are its backend's again.",
            ],
            rig.Log);
    }

    [Fact]
    public async Task Concurrency_LimitsTheCalls_QueuesTheNext_AndRefusesTheRest()
    {
        await using BackendRig rig = BackendRig.Start("{maxConcurrency: 2, maxQueue: 1}");
        Task<Answer>[] checks = [.. Enumerable.Range(0, 4).Select(i => rig.CheckAsync($"{i}"))];
        Answer refused = await checks[3];
        int callsAtOnce = rig.Backend.Count;
        rig.Backend.Calls[0].Completion.SetResult(FakeBackend.Allowed());
        await checks[0];
        await Eventually.TrueAsync(() => rig.Backend.Count == 3);
        rig.Backend.Calls[1].Completion.SetResult(FakeBackend.Allowed());
        rig.Backend.Calls[2].Completion.SetResult(FakeBackend.Allowed());
        await Task.WhenAll(checks);

        Assert.Equal(2, callsAtOnce);
        Assert.EndsWith("too many requests wait for its backend already", refused.Failure, StringComparison.Ordinal);
        Assert.Equal(["0", "1", "2"], rig.Backend.Calls.Select(call => call.Value));
        Assert.Equal(1, rig.Counted("failures: concurrency"));
    }

    [Fact]
    public async Task QueuedCheck_WaitsNoLongerThanTheTimeout_AndGivesItsPlaceFree()
    {
        await using BackendRig rig = BackendRig.Start("{maxConcurrency: 1, maxQueue: 1, timeout: 1s, retry: {attempts: 0}}");
        Task<Answer> first = rig.CheckAsync("first", patience: TimeSpan.FromMinutes(1));
        rig.Time.Advance(TimeSpan.FromMilliseconds(500));
        Task<Answer> hasty = rig.CheckAsync("hasty", patience: TimeSpan.FromMilliseconds(100));
        rig.Time.Advance(TimeSpan.FromMilliseconds(110));
        Answer gaveUp = await hasty;
        Task<Answer> queued = rig.CheckAsync("queued");
        rig.Time.Advance(TimeSpan.FromMilliseconds(400));
        await first;
        await Eventually.TrueAsync(() => rig.Backend.Count == 2);

        rig.Backend.Calls[1].Completion.SetResult(FakeBackend.Allowed());

        Assert.EndsWith("deadline passed before its backend answered", gaveUp.Failure, StringComparison.Ordinal);
        Assert.Equal(StatusCode.Ok, (await queued).Status);
        Assert.Equal(["first", "queued"], rig.Backend.Calls.Select(call => call.Value));
    }

    [Theory]
    [InlineData("error", "", null, default(StatusCode), "", 0)]
    [InlineData("error", "onError: deny", "", StatusCode.PermissionDenied, "failed: gone", 0)]
    [InlineData("error", "onError: allow", "", StatusCode.Ok, "", 0)]
    [InlineData("open", "onError: deny", "", StatusCode.Ok, "", 1)]
    [InlineData("closed", "onError: allow", "", StatusCode.PermissionDenied, ":the backend does not answer", 1)]
    [InlineData("{status: UNAVAILABLE, message: come back}", "", "", StatusCode.Unavailable, ":come back", 1)]
    public async Task Fallback_ComesBeforeOnError(string fallback, string onError, string? failure, StatusCode status, string message, int life)
    {
        await using BackendRig rig = BackendRig.Start($"{{retry: {{attempts: 0}}, fallback: {fallback}}}", onError);
        rig.Backend.Answer = _ => throw new IOException("gone");

        Answer answer = await rig.CheckAsync();

        Assert.Equal(failure is null, answer.Failure is not null);
        Assert.Equal((status, (double)life), (answer.Status, answer.ValidDuration.TotalSeconds));
        Assert.EndsWith(message, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fallback_IsReusedForAShortWhile_SoThatTheBackendIsLeftAlone()
    {
        await using BackendRig rig = BackendRig.Start("{retry: {attempts: 0}, fallback: open, reuse: 3s}");
        rig.Backend.Answer = _ => throw new IOException("gone");

        await rig.CheckAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(2));
        Answer again = await rig.CheckAsync();
        int calls = rig.Backend.Count;
        rig.Time.Advance(Second);
        await rig.CheckAsync();

        Assert.Equal((1, 2, 1d), (calls, rig.Backend.Count, again.ValidDuration.TotalSeconds));
    }

    [Fact]
    public async Task Outage_IsMaskedByStaleAnswers_ThenByTheFallback_UntilTheBackendAnswersAgain()
    {
        await using BackendRig rig = BackendRig.Start("{retry: {attempts: 0}, stale: {maxAge: 30s}, fallback: closed}");
        rig.Backend.Answer = _ => new(FakeBackend.Allowed(seconds: 10));
        Answer fresh = await rig.CheckAsync();
        rig.Backend.Answer = _ => throw new IOException("gone");

        rig.Time.Advance(TimeSpan.FromSeconds(11));
        Answer stale = await rig.CheckAsync();
        Answer unknown = await rig.CheckAsync("never seen");
        rig.Time.Advance(TimeSpan.FromSeconds(28.5));
        Answer last = await rig.CheckAsync();
        rig.Time.Advance(Second);
        Answer tooOld = await rig.CheckAsync();
        rig.Backend.Answer = _ => new(FakeBackend.Allowed(seconds: 5));
        rig.Time.Advance(Second);
        Answer recovered = await rig.CheckAsync();
        IReadOnlyList<string> logBeforeQuiet = rig.Log;
        AnswerSource worst = rig.Handler.Health.Source;
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        await rig.CheckAsync();

        Assert.Equal(
            [(StatusCode.Ok, 10d), (StatusCode.Ok, 1), (StatusCode.PermissionDenied, 1), (StatusCode.Ok, 0.5), (StatusCode.PermissionDenied, 1), (StatusCode.Ok, 5)],
            new[] { fresh, stale, unknown, last, tooOld, recovered }.Select(answer => (answer.Status, answer.ValidDuration.TotalSeconds)));
        Assert.Equal(["Warning stale answers help out: gone.", "Warning the fallback is answered: gone."], logBeforeQuiet);
        Assert.Equal("Information all answers are its backend's again.", rig.Log[^1]);
        Assert.Equal(3, rig.Log.Count);
        Assert.Equal((AnswerSource.Fallback, AnswerSource.Backend), (worst, rig.Handler.Health.Source));
        Assert.Equal((2, 2), (rig.Counted("substitutes: stale"), rig.Counted("substitutes: fallback")));
    }

    [Fact]
    public async Task StaleAnswer_HelpsOut_HoweverOftenItWasUsed()
    {
        await using BackendRig rig = BackendRig.Start("{retry: {attempts: 0}, stale: {maxAge: 30s}, reuse: 0s}");
        rig.Backend.Answer = call => call.Number == 0 ? new(FakeBackend.Allowed(uses: 1)) : throw new IOException("gone");

        for (int i = 0; i < 10; i++)
        {
            Assert.Equal((null, StatusCode.Ok), (await rig.CheckAsync() is var answer ? answer.Failure : "", answer.Status));
        }

        Assert.Equal(8, rig.Counted("substitutes: stale"));
    }

    [Fact]
    public async Task StaleAfter_AnswersWhileTheBackendIsSlow_AndTheQuestionGoesOn()
    {
        await using BackendRig rig = BackendRig.Start("{timeout: 5s, stale: {maxAge: 1m, staleAfter: 100ms}, reuse: 0s}");
        rig.Backend.Answer = _ => new(FakeBackend.Allowed(seconds: 10));
        await rig.CheckAsync();
        rig.Backend.Answer = null;
        rig.Time.Advance(TimeSpan.FromSeconds(11));

        Task<Answer>[] waiting = [rig.CheckAsync(patience: TimeSpan.FromMilliseconds(500)), rig.CheckAsync()];
        rig.Time.Advance(TimeSpan.FromMilliseconds(90));
        bool early = waiting.Any(check => check.IsCompleted);
        rig.Time.Advance(TimeSpan.FromMilliseconds(20));
        Answer[] stale = [.. await Task.WhenAll(waiting), await rig.CheckAsync()];
        rig.Time.Advance(TimeSpan.FromSeconds(2));
        bool goesOn = !rig.Backend.Calls[1].Token.IsCancellationRequested;
        rig.Backend.Calls[1].Completion.SetResult(FakeBackend.Denied());
        await Eventually.TrueAsync(() => rig.CheckAsync() is { IsCompletedSuccessfully: true } check && check.Result.Status == StatusCode.PermissionDenied);
        Answer fresh = await rig.CheckAsync();

        Assert.False(early);
        Assert.True(goesOn);
        Assert.All(stale, answer => Assert.Equal((StatusCode.Ok, TimeSpan.Zero), (answer.Status, answer.ValidDuration)));
        Assert.Equal((StatusCode.PermissionDenied, 2), (fresh.Status, rig.Backend.Count));
        Assert.Equal(["Warning stale answers help out: its backend is slow."], rig.Log);
    }

    [Fact]
    public async Task StaleAfter_HelpsOutWhileAQuestionWaitsForAFreePlace_WhichItGetsYet()
    {
        await using BackendRig rig = BackendRig.Start("{timeout: 5s, maxConcurrency: 1, stale: {maxAge: 1m, staleAfter: 100ms}, reuse: 0s}");
        rig.Backend.Answer = _ => new(FakeBackend.Allowed(seconds: 10));
        await rig.CheckAsync();
        rig.Backend.Answer = null;
        rig.Time.Advance(TimeSpan.FromSeconds(11));
        Task<Answer> other = rig.CheckAsync("other");
        Task<Answer> queued = rig.CheckAsync();

        rig.Time.Advance(TimeSpan.FromMilliseconds(200));
        Answer stale = await queued;
        rig.Backend.Calls[1].Completion.SetResult(FakeBackend.Allowed());
        await other;
        await Eventually.TrueAsync(() => rig.Backend.Count == 3);
        rig.Backend.Calls[2].Completion.SetResult(FakeBackend.Denied());
        await Eventually.TrueAsync(() => rig.Counted("calls: answered") == 3);

        Assert.Equal(StatusCode.Ok, stale.Status);
        Assert.Equal(["a", "other", "a"], rig.Backend.Calls.Select(call => call.Value));
        await Eventually.TrueAsync(() => rig.CheckAsync() is { IsCompletedSuccessfully: true } check && check.Result.Status == StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task DeadlineThatPasses_IsMaskedByAStaleAnswerToo()
    {
        await using BackendRig rig = BackendRig.Start("{stale: {maxAge: 1m}, timeout: 5s}");
        rig.Backend.Answer = _ => new(FakeBackend.Denied("stale", seconds: 10));
        await rig.CheckAsync();
        rig.Backend.Answer = null;
        rig.Time.Advance(TimeSpan.FromSeconds(11));

        Task<Answer> check = rig.CheckAsync(patience: TimeSpan.FromMilliseconds(50));
        rig.Time.Advance(TimeSpan.FromMilliseconds(60));
        Answer answer = await check;
        Answer late = await rig.CheckAsync(patience: TimeSpan.Zero);

        Assert.All([answer, late], stale => Assert.EndsWith(":stale", stale.Message, StringComparison.Ordinal));
        Assert.Empty(rig.Log);
    }

    [Fact]
    public async Task FailureOfASharedFlight_IsCountedForEachThatWaited()
    {
        await using BackendRig rig = BackendRig.Start("{retry: {attempts: 0}, fallback: open}");
        Task<Answer>[] checks = [rig.CheckAsync(), rig.CheckAsync(), rig.CheckAsync()];

        rig.Backend.Calls[0].Completion.SetException(new IOException("gone"));
        await Task.WhenAll(checks);

        Assert.Equal((3, 3), (rig.Counted("failures: error"), rig.Counted("substitutes: fallback")));
        Assert.Single(rig.Log);
    }
}
