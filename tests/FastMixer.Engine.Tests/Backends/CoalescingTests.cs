using System.Globalization;
using FastMixer.Engine.Backends;
using FastMixer.Engine.Backends.Answers;
using FastMixer.Engine.Checks;
using FastMixer.Engine.Tests.Support;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Messages;
using FastMixer.Testing;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.Engine.Tests.Backends;

/// <summary>One question for each instance is on its way however many wait; each waits as long as it likes.</summary>
public sealed class CoalescingTests
{
    [Fact]
    public async Task TenThousandChecks_MakeOneCall()
    {
        await using BackendRig rig = BackendRig.Start();

        Task<Answer>[] checks = await AskFromManyThreadsAsync(rig, 10_000);
        int callsMeanwhile = rig.Backend.Count;
        rig.Backend.Calls[0].Completion.SetResult(FakeBackend.Denied("not you"));
        Answer[] answers = await Task.WhenAll(checks);
        await rig.CheckAsync();

        Assert.Equal((1, 1), (callsMeanwhile, rig.Backend.Count));
        Assert.All(answers, answer => Assert.Equal(StatusCode.PermissionDenied, answer.Status));
        Assert.Single(answers.Select(answer => answer.Message).Distinct());
        Assert.Equal((1, 9_999, 1), (rig.Counted("checks: backend"), rig.Counted("checks: coalesced"), rig.Counted("checks: cache")));
    }

    [Fact]
    public async Task AnswerThatMayNotBeReused_IsSharedByThoseThatWaited_AndByNoneThatCameLater()
    {
        await using BackendRig rig = BackendRig.Start();
        Task<Answer>[] together = [rig.CheckAsync(), rig.CheckAsync(), rig.CheckAsync()];
        rig.Backend.Calls[0].Completion.SetResult(FakeBackend.Allowed(seconds: 0, uses: 0));
        await Task.WhenAll(together);

        Task<Answer> later = rig.CheckAsync();
        rig.Backend.Calls[1].Completion.SetResult(FakeBackend.Allowed());
        await later;

        Assert.Equal(2, rig.Backend.Count);
    }

    [Fact]
    public async Task WaiterWhoseDeadlinePasses_GivesUpAlone()
    {
        await using BackendRig rig = BackendRig.Start("{fallback: error, timeout: 1s}", "onError: deny");
        Task<Answer> patient = rig.CheckAsync();
        Task<Answer> hasty = rig.CheckAsync(patience: TimeSpan.FromMilliseconds(50));
        Task<Answer> lessHasty = rig.CheckAsync(patience: TimeSpan.FromMilliseconds(500));

        rig.Time.Advance(TimeSpan.FromMilliseconds(60));
        Answer gaveUp = await hasty;
        bool othersWait = !patient.IsCompleted && !lessHasty.IsCompleted;
        bool isCancelled = rig.Backend.Calls[0].Token.IsCancellationRequested;
        rig.Backend.Calls[0].Completion.SetResult(FakeBackend.Allowed());
        Answer[] answers = [await patient, await lessHasty, await rig.CheckAsync()];

        Assert.Equal(StatusCode.PermissionDenied, gaveUp.Status);
        Assert.EndsWith("the check's deadline passed before its backend answered", gaveUp.Message, StringComparison.Ordinal);
        Assert.True(othersWait);
        Assert.False(isCancelled);
        Assert.All(answers, answer => Assert.Equal(StatusCode.Ok, answer.Status));
        Assert.Equal(1, rig.Backend.Count);
        Assert.Equal(1, rig.Counted("failures: deadline"));
        Assert.Empty(rig.Log);
    }

    [Fact]
    public async Task FlightThatAllHaveGivenUp_IsCancelled_AndTheNextCheckAsksAnew()
    {
        await using BackendRig rig = BackendRig.Start();
        Task<Answer>[] hasty =
        [
            rig.CheckAsync(patience: TimeSpan.FromMilliseconds(50)), rig.CheckAsync(patience: TimeSpan.FromMilliseconds(100)),
        ];
        rig.Time.Advance(TimeSpan.FromMilliseconds(60));
        bool cancelledByOne = rig.Backend.Calls[0].Token.IsCancellationRequested;
        rig.Time.Advance(TimeSpan.FromMilliseconds(60));
        await Task.WhenAll(hasty);
        Task<Answer> next = rig.CheckAsync();
        rig.Backend.Calls[1].Completion.SetResult(FakeBackend.Allowed());

        Assert.Equal(StatusCode.Ok, (await next).Status);
        Assert.False(cancelledByOne);
        await Eventually.TrueAsync(() => rig.Backend.Calls[0].Token.IsCancellationRequested);
        Assert.Equal(2, rig.Backend.Count);
        await Eventually.TrueAsync(() => rig.Counted("calls: cancelled") == 1);
        Assert.Equal(0, rig.Counted("failures: error") + rig.Counted("failures: timeout"));
    }

    [Fact]
    public async Task CheckWhoseDeadlineHasPassed_AsksNobody()
    {
        await using BackendRig rig = BackendRig.Start();

        Answer answer = await rig.CheckAsync(patience: TimeSpan.Zero);

        Assert.NotNull(answer.Failure);
        Assert.Equal(0, rig.Backend.Count);
    }

    [Fact]
    public async Task End_CancelsWhatIsOnItsWay_AnswersThoseThatWait_AndWaitsForTheBackend()
    {
        await using BackendRig rig = BackendRig.Start(onError: "onError: deny");
        Task<Answer> waiting = rig.CheckAsync("a");

        await rig.Handler.DisposeAsync();
        Answer answer = await waiting;
        Answer late = await rig.CheckAsync("b");

        Assert.EndsWith("it has ended", answer.Message, StringComparison.Ordinal);
        Assert.EndsWith("it has ended", late.Message, StringComparison.Ordinal);
        Assert.True(rig.Backend.Calls[0].Token.IsCancellationRequested);
        Assert.Equal(1, rig.Backend.Count);
    }

    [Fact]
    public async Task ReplacedHandler_AnswersThoseThatWait_BeforeItEnds()
    {
        await using BackendRig rig = BackendRig.Start();
        Task<Answer> waiting = rig.CheckAsync();

        rig.Engine.Replace("kind: handler\nmetadata: {name: other}\nspec: {compiledAdapter: fake}\n");
        int endedWhileInUse = rig.Backend.Ended;
        rig.Backend.Calls[0].Completion.SetResult(FakeBackend.Allowed());
        Answer answer = await waiting;

        Assert.Equal((0, StatusCode.Ok), (endedWhileInUse, answer.Status));
        await EndAsync(rig);
        Assert.Equal(1, rig.Backend.Ended);
    }

    [Fact]
    public async Task ManyThreadsAndKeys_EachCheckGetsItsOwnAnswer()
    {
        await using BackendRig rig = BackendRig.Start("{maxConcurrency: 8, maxQueue: 10000, timeout: 60s}");
        rig.Backend.Answer = async call =>
        {
            await Task.Yield();
            int number = int.Parse(call.Value, CultureInfo.InvariantCulture);
            return FakeBackend.Denied($"not {call.Value}", seconds: number % 3 == 0 ? 0 : 10);
        };
        var wrong = 0;

        await Parallel.ForAsync(0, 8, async (worker, _) =>
        {
            for (int i = 0; i < 3_000; i++)
            {
                string key = ((i * (worker + 1)) % 200).ToString(CultureInfo.InvariantCulture);
                Answer answer = await rig.CheckAsync(key, patience: i % 5 == 0 ? TimeSpan.FromMilliseconds(1) : null);
                if (answer.Failure is not null || !answer.Message.EndsWith($":not {key}", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        });

        Assert.Equal(0, wrong);
        Assert.Equal(24_000, rig.Counted("checks: cache") + rig.Counted("checks: backend") + rig.Counted("checks: coalesced"));
        Assert.Equal(rig.Backend.Count, rig.Counted("checks: backend"));
        Assert.Equal(133, rig.Backend.Calls.Where(call => int.Parse(call.Value, CultureInfo.InvariantCulture) % 3 != 0).DistinctBy(call => call.Value).Count());
        Assert.Equal(133, rig.Backend.Calls.Count(call => int.Parse(call.Value, CultureInfo.InvariantCulture) % 3 != 0));
    }

    [Fact]
    public async Task DeadlinesUnderContention_EveryCheckIsAnsweredOnce()
    {
        await using BackendRig rig = BackendRig.Start(
            "{maxConcurrency: 4, maxQueue: 64, fallback: open, stale: {maxAge: 1s, staleAfter: 20ms}, reuse: 0s, retry: {backoff: 1ms}}");
        rig.Backend.Answer = async call =>
        {
            await Task.Yield();
            return call.Number % 7 == 0 ? throw new IOException("gone") : call.Number % 5 == 0 ? await call.Completion.Task : FakeBackend.Allowed(seconds: 0.01);
        };
        using var stop = new CancellationTokenSource();
        Task clock = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                rig.Time.Advance(TimeSpan.FromMilliseconds(5));
                await Task.Yield();
            }
        });

        int answered = 0;
        await Parallel.ForAsync(0, 8, async (worker, _) =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                Answer answer = await rig.CheckAsync($"{(i + worker) % 40}", patience: TimeSpan.FromMilliseconds(10 + (i % 50)));
                Assert.True(answer is { Failure: null, Status: StatusCode.Ok }, answer.Failure ?? answer.Message);
                Interlocked.Increment(ref answered);
            }
        });
        await stop.CancelAsync();
        await clock;

        Assert.Equal(8_000, answered);
    }

    [Fact]
    public async Task SweepThatRunsAsSoonAsItIsStarted_LeavesTheNewFlightAlone()
    {
        await using BackendRig rig = BackendRig.Start("{retry: {attempts: 0}}", time: new HastyTime());

        Task<Answer>[] together = [rig.CheckAsync(patience: TimeSpan.FromSeconds(1)), rig.CheckAsync()];
        bool isCancelled = rig.Backend.Calls[0].Token.IsCancellationRequested;
        rig.Backend.Calls[0].Completion.SetResult(FakeBackend.Allowed());
        Answer[] answers = await Task.WhenAll(together);

        Assert.All(answers, answer => Assert.True(answer is { Failure: null, Status: StatusCode.Ok }, answer.Failure ?? answer.Message));
        Assert.False(isCancelled);
        Assert.Equal(1, rig.Backend.Count);
    }

    [Fact]
    public async Task CoalescedWaiter_AllocatesNothing()
    {
        const int Waiters = 4_000;
        await using BackendRig rig = BackendRig.StartQuiet();
        BackendHandler handler = rig.Handler;
        CheckCall call = rig.Engine.Engine.Calls.Get();
        using var room = new AnswerRoom();
        long[] allocated = new long[5];

        for (int round = 0; round < allocated.Length; round++)
        {
            rig.Engine.Read(call, BackendRig.Encode("a"));
            Task first = rig.Engine.Engine.CheckAsync(call).AsTask();
            using InstanceValues values = Evaluate(rig, call);
            var waiting = new ValueTask<HandlerAnswer>[Waiters];
            allocated[round] = AllocationAssert.Measure(() => Join(handler, values, room, waiting));
            rig.Backend.Calls[^1].Completion.SetResult(FakeBackend.Allowed(seconds: 0));
            await first;
            foreach (ValueTask<HandlerAnswer> answered in waiting)
            {
                Assert.Null((await answered).Failure);
            }
        }

        Assert.Equal(allocated.Length, rig.Backend.Count);
        Assert.Equal(0, allocated.Min());
        rig.Engine.Engine.Calls.Return(call);
    }

    [Fact]
    public async Task Miss_AllocatesALittle()
    {
        // What was measured is 440 bytes, of the pipeline; the rest is room for other versions of it.
        const long Bound = 1_000;
        await using BackendRig rig = BackendRig.StartQuiet();
        rig.Backend.Answer = _ => new(FakeBackend.Allowed(seconds: 0));
        byte[] message = BackendRig.Encode("a");
        CheckCall call = rig.Engine.Engine.Calls.Get();
        long least = long.MaxValue;
        for (int round = 0; round < 500; round++)
        {
            least = Math.Min(least, AllocationAssert.Measure(() =>
            {
                rig.Engine.Read(call, message);
                ValueTask answered = rig.Engine.Engine.CheckAsync(call);
                Assert.True(answered.IsCompletedSuccessfully);
            }));
        }

        Assert.InRange(least, 0, Bound);
        rig.Engine.Engine.Calls.Return(call);
    }

    private static void Join(BackendHandler handler, InstanceValues values, AnswerRoom room, ValueTask<HandlerAnswer>[] waiting)
    {
        for (int i = 0; i < waiting.Length; i++)
        {
#pragma warning disable CA2012 // Each is awaited once, later.
            waiting[i] = handler.AskAsync(values, CheckDeadline.None, isRenewal: false, room);
#pragma warning restore CA2012
        }
    }

    // The instance that the call's check has sent.
    private static InstanceValues Evaluate(BackendRig rig, CheckCall call)
    {
        var values = new InstanceValues();
        Assert.True(values.TryEvaluate(rig.Engine.Engine.Current.Policy.Rules[0].Actions[0].Instance, call.Context, out _));
        return values;
    }

    private static async Task<Task<Answer>[]> AskFromManyThreadsAsync(BackendRig rig, int count)
    {
        var checks = new Task<Answer>[count];
        await Parallel.ForAsync(0, count, (i, _) =>
        {
            checks[i] = rig.CheckAsync();
            return default;
        });
        return checks;
    }

    // A replaced configuration is retired on the clock of the test.
    private static async Task EndAsync(BackendRig rig)
    {
        await Eventually.TrueAsync(() =>
        {
            rig.Time.Advance(TimeSpan.FromMilliseconds(100));
            return rig.Backend.Ended > 0;
        });
    }

    /// <summary>
    /// A clock whose periodic timers run once while they are set, on the thread that sets them: so do those of any fake clock that another thread moves on
    /// at that moment.
    /// </summary>
    private sealed class HastyTime : FakeTimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new HastyTimer(base.CreateTimer(callback, state, dueTime, period), () => callback(state));

        private sealed class HastyTimer(ITimer timer, Action run) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                bool isChanged = timer.Change(dueTime, period);
                if (period != Timeout.InfiniteTimeSpan)
                {
                    run();
                }

                return isChanged;
            }

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
