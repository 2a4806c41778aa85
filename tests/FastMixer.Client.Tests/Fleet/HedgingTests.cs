using FastMixer.Client.Fleet;
using FastMixer.Client.Fleet.Hedging;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Tests.Fleet;

public sealed class HedgingTests : FleetTest
{
    [Fact(Timeout = Guard)]
    public async Task ASlowServer_IsHedged_ButNotForChecksThatTake()
    {
        using var a = new RunningServer();
        using var b = new RunningServer();
        await using ServerFleet fleet = Fleet([a.Address, b.Address], o => o with { Hedging = true, LoadSlack = 100, HedgingBudget = 0.05 });
        RunningServer[] order = Order(1, a, b);
        await LearnAsync(fleet, order[0]);
        int before = order[1].Checks;

        order[0].OnCheck = _ => null;
        int asked = order[0].Checks;
        using CheckQuestion taking = Question();
        taking.Quotas = [new QuotaRequest("requests", 1)];
        Task<ServedVerdict> taken = fleet.CheckAsync(taking, Token).AsTask();
        using CheckQuestion question = Question();
        Task<ServedVerdict> hedged = fleet.CheckAsync(question, Token).AsTask();
        await UntilAsync(() => order[0].Checks == asked + 2);
        await UntilAsync(() => hedged.IsCompleted, TimeSpan.FromMilliseconds(1));
        Assert.Equal(order[1].Address, fleet.Counts.Servers[(await hedged).Server].Address);
        Assert.Equal(before + 1, order[1].Checks);
        Assert.False(taken.IsCompleted);
        Assert.Equal((1, 1), (fleet.Counts.Hedges, fleet.Counts.HedgesWon));
        Assert.Equal(0, fleet.Counts.Failovers);

        // It has its answer by failing over, later.
        await UntilAsync(() => taken.IsCompleted, TimeSpan.FromMilliseconds(50));
        await taken;
        Assert.Equal(1, fleet.Counts.Hedges);
    }

    /// <summary>An answer of the second server took as long as that one did, not as long as the first was waited for before: else each wait would be longer than the last.</summary>
    [Fact(Timeout = Guard)]
    public async Task AServerThatStaysSlow_IsNotWaitedForEverLonger()
    {
        using var a = new RunningServer();
        using var b = new RunningServer();
        await using ServerFleet fleet = Fleet([a.Address, b.Address], o => o with { Hedging = true, LoadSlack = 100, HedgingBudget = 1 });
        RunningServer[] order = Order(1, a, b);
        await LearnAsync(fleet, order[0]);
        order[0].OnCheck = _ => null;
        TimeSpan first = await HedgedAsync();
        for (int i = 0; i < 200; i++)
        {
            await HedgedAsync();
        }

        Assert.InRange(await HedgedAsync(), TimeSpan.Zero, first);
        Assert.Equal(fleet.Counts.Hedges, fleet.Counts.HedgesWon);

        async Task<TimeSpan> HedgedAsync()
        {
            long begin = Clock.GetTimestamp();
            int asked = order[0].Checks;
            long hedges = fleet.Counts.Hedges;
            using CheckQuestion question = Question();
            Task<ServedVerdict> check = fleet.CheckAsync(question, Token).AsTask();
            await UntilAsync(() => order[0].Checks > asked);
            await UntilAsync(() => fleet.Counts.Hedges > hedges, TimeSpan.FromMilliseconds(2));
            TimeSpan waited = Clock.GetElapsedTime(begin);
            await check;
            return waited;
        }
    }

    [Fact(Timeout = Guard)]
    public async Task BothSlow_AreAskedTwiceByNoMoreThanTheBudgetAllows()
    {
        using var a = new RunningServer();
        using var b = new RunningServer();
        await using ServerFleet fleet = Fleet([a.Address, b.Address], o => o with { Hedging = true, LoadSlack = 100, HedgingBudget = 0.05 });
        await LearnAsync(fleet, Order(1, a, b)[0]);
        long before = fleet.Counts.Checks;
        a.OnCheck = b.OnCheck = _ => null;
        CheckQuestion[] questions = [.. Enumerable.Range(0, 100).Select(_ => Question())];
        Task<ServedVerdict>[] checks = [.. questions.Select(question => fleet.CheckAsync(question, Token).AsTask())];
        await UntilAsync(() => a.Checks + b.Checks >= before + 100);
        Clock.Advance(TimeSpan.FromMilliseconds(200));
        long most = 10 + ((before + 100) / 20);
        await UntilAsync(() => fleet.Counts.Hedges > 0);
        await UntilAsync(() => Array.TrueForAll(checks, check => check.IsCompleted), TimeSpan.FromMilliseconds(100));
        Assert.InRange(fleet.Counts.Hedges, 1, most);
        Assert.All(checks, check => Assert.True(check.IsFaulted));
        foreach (CheckQuestion question in questions)
        {
            question.Dispose();
        }
    }

    [Fact]
    public void AnswerTimes_TellWhat95Of100DidNotExceed_AndForget()
    {
        var times = new AnswerTimes(Clock);
        for (int i = 1; i <= 100; i++)
        {
            times.Note(TimeSpan.FromMilliseconds(i));
        }

        Assert.Equal(TimeSpan.Zero, times.Percentile95);
        Clock.Advance(TimeSpan.FromSeconds(1));
        times.Note(TimeSpan.FromMilliseconds(1));
        Assert.InRange(times.Percentile95.TotalMilliseconds, 94, 95 * 1.13);
        for (int second = 0; second < 20; second++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            for (int i = 0; i < 100; i++)
            {
                times.Note(TimeSpan.FromMilliseconds(2));
            }
        }

        Assert.InRange(times.Percentile95.TotalMilliseconds, 2, 2.3);
    }

    [Fact]
    public void HedgeBudget_SavesLittle()
    {
        var budget = new HedgeBudget(0.05);
        Assert.False(budget.TryTake());
        for (int i = 0; i < 10_000; i++)
        {
            budget.Earn();
        }

        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => budget.TryTake()));
        for (int i = 0; i < 40; i++)
        {
            budget.Earn();
        }

        Assert.Equal(2, Enumerable.Range(0, 100).Count(_ => budget.TryTake()));
    }

    // Answers of ten milliseconds each, until it is known.
    private async Task LearnAsync(ServerFleet fleet, RunningServer server)
    {
        for (int i = 0; i < 150; i++)
        {
            FakeMessage? held = null;
            server.OnCheck = message =>
            {
                held = message;
                return null;
            };
            using CheckQuestion question = Question();
            Task<ServedVerdict> check = fleet.CheckAsync(question, Token).AsTask();
            await UntilAsync(() => held is not null);
            Clock.Advance(TimeSpan.FromMilliseconds(10));
            await server.SendToAllAsync(Answers.Verdict(held!.Id));
            await check;
        }
    }
}
