using FastMixer.Client.Reports;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Client.Tests.Reports;

/// <summary>When batches leave, what becomes of those that servers do not take, and that all sums agree.</summary>
public sealed class ReportSendingTests : ReportTest
{
    private static Task<Acknowledgement> Take(int count) => Task.FromResult(new Acknowledgement(count, 0, TimeSpan.Zero));

    [Fact]
    public async Task FullBatch_LeavesAtOnce_AndTheRestWhenItsTimeHasCome()
    {
        await using ReportGatherer gatherer = Start(new ReportOptions { BatchRecords = 3 });
        for (int i = 0; i < 4; i++)
        {
            Assert.True(Add(gatherer, i));
        }

        await Until.TrueAsync(() => Fleet.Batches is [3]);
        await Until.TrueAsync(() =>
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            return Fleet.Batches is [3, 1];
        });
        await Until.TrueAsync(() => Fleet.Taken.Length == 4);

        Assert.Equal([0, 1, 2, 3], TakenNumbers());
    }

    [Fact]
    public async Task FewRecords_WaitForOthers_AsLongAsTheOptionsSay()
    {
        await using ReportGatherer gatherer = Start(new ReportOptions { BatchTime = TimeSpan.FromSeconds(10) });
        Add(gatherer, 1);
        await Until.TrueAsync(() => gatherer.NextWake == TimeSpan.FromSeconds(10));

        Clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Empty(Fleet.Batches);

        Clock.Advance(TimeSpan.FromSeconds(0.2));
        await Until.TrueAsync(() => Fleet.Batches is [1]);
    }

    [Fact]
    public async Task RefusedRecords_AreSentAgain_NoEarlierThanTold()
    {
        int asked = 0;
        Fleet.Answer = (count, _) => Interlocked.Increment(ref asked) == 1
            ? Task.FromResult(new Acknowledgement(2, count - 2, TimeSpan.FromSeconds(30)))
            : Take(count);
        await using ReportGatherer gatherer = Start(new ReportOptions { BatchRecords = 5 });
        for (int i = 0; i < 5; i++)
        {
            Add(gatherer, i);
        }

        await Until.TrueAsync(() => gatherer.Counts.Acknowledged == 2 && gatherer.NextWake == TimeSpan.FromSeconds(30));
        Clock.Advance(TimeSpan.FromSeconds(29.9));
        Assert.Equal(1, Volatile.Read(ref asked));
        Assert.Equal(3, gatherer.Counts.Held);

        Clock.Advance(TimeSpan.FromSeconds(0.2));
        await Until.TrueAsync(() => gatherer.Counts.Acknowledged == 5);
        Assert.Equal([0, 1, 2, 3, 4], TakenNumbers());
        Assert.Equal(3, gatherer.Counts.Retried);
        AssertSums(gatherer.Counts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BatchThatNobodyTakes_IsDroppedAfterItsTime(bool isRefused)
    {
        Fleet.Answer = (count, _) => isRefused
            ? Task.FromResult(new Acknowledgement(0, count, TimeSpan.FromSeconds(1)))
            : Task.FromException<Acknowledgement>(new MixerUnavailableException("nobody there"));
        await using ReportGatherer gatherer = Start(new ReportOptions { BatchRecords = 2, RetryFor = TimeSpan.FromSeconds(20) });
        Add(gatherer, 1);
        Add(gatherer, 2);

        ReportDropReason reason = isRefused ? ReportDropReason.Refused : ReportDropReason.Unavailable;
        await Until.TrueAsync(() =>
        {
            Clock.Advance(TimeSpan.FromMilliseconds(500));
            return gatherer.Counts.Dropped(reason) == 2;
        });
        Assert.True(Fleet.Batches.Length >= 2);
        Assert.Equal(0, gatherer.Counts.Held);
    }

    [Fact]
    public async Task BatchWithoutAcknowledgement_IsNotSentAgain_UnlessTheOptionsSaySo()
    {
        int asked = 0;
        Fleet.Answer = (count, _) => Interlocked.Increment(ref asked) == 1
            ? Task.FromException<Acknowledgement>(new MixerUnacknowledgedException("no answer"))
            : Take(count);
        await using ReportGatherer cautious = Start(new ReportOptions { BatchRecords = 1 });
        Add(cautious, 1);
        await Until.TrueAsync(() => cautious.Counts.Unacknowledged == 1);
        AssertSums(cautious.Counts);

        asked = 0;
        await using ReportGatherer insistent = Start(new ReportOptions { BatchRecords = 1, ResendUnacknowledged = true });
        Add(insistent, 2);
        await Until.TrueAsync(() =>
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            return insistent.Counts.Acknowledged == 1;
        });
        Assert.Equal([2], TakenNumbers());
    }

    [Fact]
    public async Task BatchThatAServerRejects_IsDropped_AndTheNextOneIsSent()
    {
        int asked = 0;
        Fleet.Answer = (count, _) => Interlocked.Increment(ref asked) == 1
            ? Task.FromException<Acknowledgement>(new MixerErrorException(ErrorCode.WrongType, "wrong-type: custom.number"))
            : Take(count);
        await using ReportGatherer gatherer = Start(new ReportOptions { BatchRecords = 1 });
        Add(gatherer, 1);
        await Until.TrueAsync(() => gatherer.Counts.Dropped(ReportDropReason.Rejected) == 1);
        Add(gatherer, 2);

        await Until.TrueAsync(() => gatherer.Counts.Acknowledged == 1);
        AssertSums(gatherer.Counts);
    }

    [Fact]
    public async Task FullBuffer_DropsTheOldest_AndTellsOnce()
    {
        var blocked = new TaskCompletionSource();
        Fleet.Answer = async (count, _) =>
        {
            await blocked.Task;
            return new Acknowledgement(count, 0, TimeSpan.Zero);
        };
        var log = new CountingLogger();
        await using ReportGatherer gatherer = Start(new ReportOptions { BatchRecords = 10, BufferBytes = 64 << 10 }, log);
        const int Records = 3000;
        const int OnTheirWay = 20;
        try
        {
            for (int i = 0; i < Records; i++)
            {
                Assert.True(Add(gatherer, i, new string('x', 100)));
                if (i + 1 == OnTheirWay)
                {
                    // From here on nobody reads what waits: whoever adds makes room undisturbed.
                    await Until.TrueAsync(() => Fleet.Batches.Length == 2);
                }
            }

            ReportCounts full = gatherer.Counts;
            Assert.InRange(full.Dropped(ReportDropReason.Full), Records / 2, Records - 50);
            AssertSums(full);
        }
        finally
        {
            // Time stands still, so no grace of the gatherer would ever end.
            blocked.SetResult();
        }

        await gatherer.FlushAsync(CancellationToken.None);

        long[] taken = TakenNumbers();
        Assert.Equal(Records - gatherer.Counts.AllDropped, taken.Length);
        Assert.Equal(Records - 1, taken.Max());
        long[] kept = [.. taken.Order()];
        Assert.Equal(Enumerable.Range(0, kept.Length - OnTheirWay).Select(i => (long)(Records - kept.Length + OnTheirWay + i)), kept[OnTheirWay..]);
        Assert.Single(log.Texts);
    }

    [Fact]
    public async Task RecordThatIsTooLarge_IsCounted_AndHoldsNothingUp()
    {
        await using ReportGatherer gatherer = Start(new ReportOptions { BatchRecords = 1, BufferBytes = 64 << 10 });

        Assert.False(Add(gatherer, 1, new string('x', 60_000)));
        Assert.True(Add(gatherer, 2));

        await Until.TrueAsync(() => gatherer.Counts.Acknowledged == 1);
        Assert.Equal(1, gatherer.Counts.Dropped(ReportDropReason.TooLarge));
        AssertSums(gatherer.Counts);
    }

    [Fact]
    public async Task RecordsThatSayMuch_LeaveInMessagesThatServersTake()
    {
        await using ReportGatherer gatherer = Start(new ReportOptions { BatchRecords = 1000 });
        for (int i = 0; i < 60; i++)
        {
            Assert.True(Add(gatherer, i, new string((char)('a' + (i % 26)), 40_000)));
        }

        await gatherer.FlushAsync(CancellationToken.None);

        Assert.Equal(60, Fleet.Taken.Length);
        Assert.All(Fleet.Batches, static count => Assert.InRange(count, 1, 7));
    }

    [Fact]
    public async Task Dispose_SendsWhatWaits_AndTakesNoMore()
    {
        ReportGatherer gatherer = Start(new ReportOptions());
        for (int i = 0; i < 250; i++)
        {
            Add(gatherer, i);
        }

        await gatherer.DisposeAsync();
        await gatherer.DisposeAsync();
        await gatherer.FlushAsync(CancellationToken.None);

        Assert.Equal(250, gatherer.Counts.Acknowledged);
        Assert.False(Add(gatherer, 1));
        Assert.Equal(1, gatherer.Counts.Dropped(ReportDropReason.Shutdown));
        AssertSums(gatherer.Counts);
    }

    [Fact]
    public async Task Dispose_BeyondItsGrace_CountsWhatIsLeft()
    {
        Fleet.Answer = static async (_, cancelled) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancelled);
            throw new InvalidOperationException("It can't come so far.");
        };
        ReportGatherer gatherer = Start(new ReportOptions { BatchRecords = 10 });
        for (int i = 0; i < 55; i++)
        {
            Add(gatherer, i);
        }

        await Until.TrueAsync(() => Fleet.Batches.Length == 2);
        Task disposed = gatherer.DisposeAsync().AsTask();
        await Until.TrueAsync(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            return disposed.IsCompleted;
        });

        Assert.Equal(20, gatherer.Counts.Unacknowledged);
        Assert.Equal(35, gatherer.Counts.Dropped(ReportDropReason.Shutdown));
        Assert.Equal(0, gatherer.Counts.Held);
    }

    [Fact]
    public async Task FlushAsync_OfNothing_Completes_AndOneThatIsCancelledLeavesTheRecords()
    {
        var blocked = new TaskCompletionSource();
        Fleet.Answer = async (count, _) =>
        {
            await blocked.Task;
            return new Acknowledgement(count, 0, TimeSpan.Zero);
        };
        await using ReportGatherer gatherer = Start(new ReportOptions());
        await gatherer.FlushAsync(CancellationToken.None);
        Add(gatherer, 1);
        using var cancelled = new CancellationTokenSource();
        Task flush = gatherer.FlushAsync(cancelled.Token);
        Assert.False(flush.IsCompleted);

        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flush);
        blocked.SetResult();
        await Until.TrueAsync(() => gatherer.Counts.Acknowledged == 1);
    }
}
