using CsCheck;
using FastMixer.Client.Quotas;

namespace FastMixer.Client.Tests.Quotas;

/// <summary>Whatever threads ask for and however time goes: what checks get is never more than servers granted, and not more in a window than its limit.</summary>
public sealed class QuotaModelTests : QuotaTest
{
    private const int Threads = 3;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    // A phase: how far the clock goes before, and what each thread asks for then.
    private static readonly Gen<(int Milliseconds, int[] Amounts)[]> Phases =
        Gen.Select(Gen.Int[0, 700], Gen.Int[-3, 4].Array[1, 30]).Array[1, 8];

    private long _takenWithoutAsking;

    [Fact]
    public void WindowWithFixedEnds_IsNeverExceeded()
    {
        Gen.Select(Phases, Gen.Int[0, 200]).Sample(
            (phases, limit) => RunAsync(phases, () => new FixedWindowQuota(limit, Window), limit).GetAwaiter().GetResult(), iter: 100, threads: 1);
        Assert.True(_takenWithoutAsking > 0);
    }

    [Fact]
    public void TokenBucket_NeverHandsOutMoreThanItGranted()
    {
        Gen.Select(Phases, Gen.Int[0, 100], Gen.Int[0, 200]).Sample(
            (phases, burst, rate) => RunAsync(phases, () => new TokenBucketQuota(burst, rate), long.MaxValue).GetAwaiter().GetResult(),
            iter: 100,
            threads: 1);
        Assert.True(_takenWithoutAsking > 0);
    }

    [Fact]
    public void AllocationQuota_HandsOutNoMoreThanThereIs_AndGetsTheRestBack()
    {
        Gen.Select(Phases, Gen.Int[0, 200]).Sample(
            (phases, limit) => RunAsync(phases, () => new AllocationQuota(limit), long.MaxValue).GetAwaiter().GetResult(), iter: 100, threads: 1);
        Assert.True(_takenWithoutAsking > 0);
    }

    private async Task RunAsync((int Milliseconds, int[] Amounts)[] phases, Func<IServerQuota> make, long limit)
    {
        await using QuotaFleet fleet = Serve(make);
        TimeSpan time = TimeSpan.Zero;
        long total = 0;
        var byWindow = new Dictionary<(long Window, string Source), long>();
        QuotaPools pools = Start(fleet);
        await using (pools)
        {
            foreach ((int milliseconds, int[] amounts) in phases)
            {
                Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
                time += TimeSpan.FromMilliseconds(milliseconds);
                foreach (string source in (string[])["reader", "writer"])
                {
                    long taken = await TakeAsync(pools, fleet, amounts, source);
                    long window = time.Ticks / Window.Ticks;
                    byWindow[(window, source)] = byWindow.GetValueOrDefault((window, source)) + taken;
                    total += taken;
                }

                Assert.True(total <= fleet.Granted);
                Assert.True(pools.Counts.Held >= 0);
            }
        }

        Assert.All(byWindow.Values, taken => Assert.InRange(taken, 0, limit));
        QuotaCounts counts = pools.Counts;
        _takenWithoutAsking += counts.Taken;
        Assert.Equal(0, counts.Held);
        Assert.Equal(total, fleet.Granted - counts.Expired);
    }

    // Below 0: as much, or less if there is less.
    private async Task<long> TakeAsync(QuotaPools pools, QuotaFleet fleet, int[] amounts, string source)
    {
        Task<long>[] threads = [.. Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
        {
            long sum = 0;
            foreach (int amount in amounts)
            {
                long granted = amount == 0 ? 0 : Check(pools, fleet, Math.Abs(amount), amount < 0, source: source).Granted;
                Assert.InRange(granted, 0, Math.Abs(amount));
                sum += granted;
            }

            return sum;
        }))];
        return (await Task.WhenAll(threads)).Sum();
    }
}
