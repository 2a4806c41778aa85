using FastMixer.Client.Attributes;
using FastMixer.Client.Quotas;
using FastMixer.Protocol.Messages;
using FastMixer.Testing;

namespace FastMixer.Client.Tests.Quotas;

/// <summary>What is taken ahead, for how long it is handed out, and when it is given back.</summary>
public sealed class QuotaPoolsTests : QuotaTest
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task FirstCheck_AsksTheServer_AndThoseAfterItDoNot()
    {
        await using QuotaFleet fleet = Serve(static () => new FixedWindowQuota(1000, Hour));
        await using QuotaPools pools = Start(fleet, new QuotaOptions { LeastAhead = 10 });

        Assert.Equal((1, false), Check(pools, fleet));
        await Until.TrueAsync(() => pools.Counts.Held == 10);

        Assert.Equal((1, true), Check(pools, fleet));
        Assert.Equal((2, true), Check(pools, fleet, 2));
        Assert.Equal(3, pools.Counts.Taken);
    }

    [Fact]
    public async Task RequestsThatDifferInWhatItDependsOn_ShareNothing()
    {
        await using QuotaFleet fleet = Serve(static () => new FixedWindowQuota(5, Hour));
        await using QuotaPools pools = Start(fleet, new QuotaOptions { LeastAhead = 4 });
        Check(pools, fleet, source: "reader");
        await Until.TrueAsync(() => pools.Counts.Held == 4);

        Assert.Equal((1, false), Check(pools, fleet, source: "writer"));
        await Until.TrueAsync(() => pools.Counts.Pools == 2 && pools.Counts.Held == 8);
        Assert.Equal((4, true), Check(pools, fleet, 4, source: "reader"));
        Assert.Equal((4, true), Check(pools, fleet, 4, source: "writer"));
    }

    [Fact]
    public async Task WhileAnAmountIsAskedFor_ChecksGoToTheServer_WithTheirOwn()
    {
        await using QuotaFleet fleet = Serve(static () => new FixedWindowQuota(1000, Hour));
        var gate = new TaskCompletionSource();
        fleet.Gate = () => gate.Task;
        await using QuotaPools pools = Start(fleet);

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal((1, false), Check(pools, fleet));
        }

        Assert.Equal(20, fleet.Granted);
        gate.SetResult();
        await Until.TrueAsync(() => pools.Counts.Held > 0);
        Assert.True(Check(pools, fleet).IsLocal);
    }

    [Fact]
    public async Task MoreThanIsHeld_IsAllOrNothing_UnlessLessWillDo()
    {
        await using QuotaFleet fleet = Serve(static () => new FixedWindowQuota(10, Hour));
        await using QuotaPools pools = Start(fleet, new QuotaOptions { LeastAhead = 4 });
        Check(pools, fleet);
        await Until.TrueAsync(() => pools.Counts.Held == 4);

        Assert.Equal((5, false), Check(pools, fleet, 5));
        Assert.Equal((4, true), Check(pools, fleet, 9, bestEffort: true));
    }

    [Fact]
    public async Task AmountsOfAWindow_AreNotHandedOutBeyondIt()
    {
        await using QuotaFleet fleet = Serve(static () => new FixedWindowQuota(10, TimeSpan.FromSeconds(2)));
        await using QuotaPools pools = Start(fleet, new QuotaOptions { LeastAhead = 5 });
        Check(pools, fleet);
        await Until.TrueAsync(() => pools.Counts.Held == 5);

        Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.False(Check(pools, fleet).IsLocal);
        Assert.Equal(5, pools.Counts.Expired);
    }

    [Fact]
    public async Task Denial_IsRepeatedWithoutAsking_ForAShortTimeOnly()
    {
        await using QuotaFleet fleet = Serve(static () => new FixedWindowQuota(0, TimeSpan.FromSeconds(1)));
        await using QuotaPools pools = Start(fleet, new QuotaOptions { DenyFor = TimeSpan.FromMilliseconds(100) });
        Assert.Equal((0, false), Check(pools, fleet));
        Assert.Equal((0, true), Check(pools, fleet));
        await Until.TrueAsync(() => fleet.Asked >= 1);
        Assert.True(pools.Counts.DeniedLocally > 0);

        Clock.Advance(TimeSpan.FromMilliseconds(100));
        await Until.TrueAsync(() => !Check(pools, fleet).IsLocal || Advance(TimeSpan.FromMilliseconds(100)));
    }

    [Fact]
    public async Task DenialOfMuch_DoesNotDenyLess()
    {
        await using QuotaFleet fleet = Serve(static () => new AllocationQuota(3));
        var ahead = new TaskCompletionSource();
        fleet.Gate = () => ahead.Task;
        await using QuotaPools pools = Start(fleet);
        Assert.Equal((0, false), Check(pools, fleet, 5));

        Assert.Equal((0, true), Check(pools, fleet, 6));
        Assert.Equal((3, false), Check(pools, fleet, 3));
        ahead.SetResult();
    }

    [Fact]
    public async Task SeveralQuotas_AreTakenAllOrNone()
    {
        await using QuotaFleet fleet = Serve(static () => new FixedWindowQuota(100, Hour));
        await using QuotaPools pools = Start(fleet, new QuotaOptions { LeastAhead = 5 });
        Check(pools, fleet, name: "rate");
        Check(pools, fleet, name: "bytes");
        await Until.TrueAsync(() => pools.Counts.Held == 10);
        using RequestAttributes request = Request();

        Assert.False(pools.TryTake(request.Bag, [new QuotaRequest("rate", 5), new QuotaRequest("bytes", 50)], out IReadOnlyList<QuotaGrant>? grants));
        Assert.Null(grants);
        Assert.Equal(0, pools.Counts.Taken);
        Assert.True(pools.TryTake(request.Bag, [new QuotaRequest("rate", 5), new QuotaRequest("bytes", 4)], out grants));
        Assert.Equal([5, 4], grants!.Select(static grant => grant.Granted));
    }

    [Fact]
    public async Task WhatNobodyNeeds_IsGivenBack_WhereItDoesNotExpire()
    {
        await using QuotaFleet fleet = Serve(static () => new AllocationQuota(100));
        await using QuotaPools pools = Start(fleet, new QuotaOptions { LeastAhead = 20, IdleTime = TimeSpan.FromSeconds(5) });
        Check(pools, fleet);
        await Until.TrueAsync(() => pools.Counts.Held == 20);

        await Until.TrueAsync(() => pools.Counts is { GivenBack: 20, Pools: 0 } || Advance(TimeSpan.FromSeconds(1)));

        Assert.Equal(1, ((AllocationQuota)fleet.Quota("rate", "reader")).Used);
        Assert.Equal(0, pools.Counts.Held);
    }

    [Fact]
    public async Task Dispose_GivesBackWhatIsHeld_AndWhatIsStillComing()
    {
        await using QuotaFleet fleet = Serve(static () => new AllocationQuota(100));
        var gate = new TaskCompletionSource();
        fleet.Gate = () => gate.Task;
        QuotaPools pools = Start(fleet, new QuotaOptions { LeastAhead = 20 });
        Check(pools, fleet);
        Task disposed = pools.DisposeAsync().AsTask();
        gate.SetResult();
        await disposed;

        Assert.Equal(1, ((AllocationQuota)fleet.Quota("rate", "reader")).Used);
        Assert.Equal(20, pools.Counts.GivenBack);
        Assert.False(Check(pools, fleet).IsLocal);
    }

    [Fact]
    public async Task ServerThatDoesNotAnswer_GrantsNothing()
    {
        await using QuotaFleet fleet = Serve(static () => new FixedWindowQuota(100, Hour));
        fleet.Gate = static () => Task.FromException(new MixerUnavailableException("nobody there"));
        await using QuotaPools pools = Start(fleet);
        Check(pools, fleet);

        await Until.TrueAsync(() => pools.Counts.FailedPrefetches == 1);
        Assert.False(Check(pools, fleet).IsLocal);
        Assert.Equal(0, pools.Counts.Granted);
    }

    [Fact]
    public async Task AmountOfAnotherQuotaThanThePools_IsNotHandedOut()
    {
        await using QuotaFleet fleet = Serve(static () => new AllocationQuota(100));
        var gate = new TaskCompletionSource();
        fleet.Gate = () => gate.Task;
        await using QuotaPools pools = Start(fleet, new QuotaOptions { LeastAhead = 20 });
        Check(pools, fleet);
        fleet.Referenced = [];
        gate.SetResult();

        await Until.TrueAsync(() => pools.Counts.GivenBack == 20);
        Assert.False(Check(pools, fleet, source: "writer").IsLocal);
        await Until.TrueAsync(() => pools.Counts.Held == 20);
        Assert.True(Check(pools, fleet, source: "anybody").IsLocal);
    }

    [Fact]
    public async Task WithoutReferences_OrGivingBack_EveryCheckAsks()
    {
        await using QuotaFleet fleet = Serve(static () => new AllocationQuota(100));
        fleet.Referenced = null;
        await using QuotaPools pools = Start(fleet);
        Check(pools, fleet);
        Assert.False(Check(pools, fleet).IsLocal);
        Assert.Equal(0, pools.Counts.Pools);

        fleet.Referenced = [];
        Check(pools, fleet);
        await Until.TrueAsync(() => pools.Counts.Held > 0);
        Assert.Equal((-1, false), Check(pools, fleet, -1));
    }

    [Fact]
    public async Task TryTake_OfOneQuota_AllocatesNothing()
    {
        await using QuotaFleet fleet = Serve(static () => new FixedWindowQuota(long.MaxValue, Hour));
        await using QuotaPools pools = Start(fleet, new QuotaOptions { LeastAhead = 1_000_000, MostAhead = 1_000_000_000 });
        Check(pools, fleet);
        await Until.TrueAsync(() => pools.Counts.Held == 1_000_000);
        using RequestAttributes request = Request();
        QuotaRequest[] quotas = [new QuotaRequest("rate", 1)];

        AllocationAssert.Zero(10_000, () => Assert.True(pools.TryTake(request.Bag, quotas, out _)));
    }

    private bool Advance(TimeSpan time)
    {
        Clock.Advance(time);
        return false;
    }
}
