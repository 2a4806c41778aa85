using CsCheck;
using FastMixer.Server.Overload;

namespace FastMixer.EndToEnd.Tests.Overload;

/// <summary>How long bytes are said to have waited, against a queue that knows when each byte came.</summary>
public sealed class StreamBacklogTests
{
    private const int Buffer = 10;

    [Fact]
    public void AnyArrivalsAndReads_TheDelayIsNeverMoreThanTheGreatestSinceTheQueueWasEmpty() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, 5]).Array[1, 100].Sample(steps =>
        {
            var backlog = new StreamBacklog(shortest: 1);
            var arrivals = new Queue<long>();
            long now = 1;
            long greatest = 0;
            foreach ((int bytes, int pause) in steps)
            {
                for (int i = 0; i < bytes; i++)
                {
                    arrivals.Enqueue(now);
                }

                now += pause;
                greatest = Read(ref backlog, arrivals, now, greatest);
                Assert.InRange(backlog.Delay(now), 0, greatest);
            }
        });

    [Fact]
    public void AStandingQueue_IsSeenToBeOne()
    {
        var backlog = new StreamBacklog(shortest: 1);
        var arrivals = new Queue<long>(Enumerable.Repeat(0L, 500));
        long least = long.MaxValue;
        for (long now = 1; now < 400; now++)
        {
            for (int i = 0; i < Buffer; i++)
            {
                arrivals.Enqueue(now);
            }

            Read(ref backlog, arrivals, now, 0);
            least = now > 100 ? Math.Min(least, backlog.Delay(now)) : least;
        }

        // 500 bytes are 50 reads, and each byte waits so long.
        Assert.InRange(least, 45, 51);
    }

    [Fact]
    public void AReadThatDoesNotFillItsBuffer_EndsTheDelay()
    {
        var backlog = new StreamBacklog(shortest: 1);
        backlog.OnRead(Buffer, filled: true, now: 1);
        Assert.True(backlog.WantsMark(1));
        backlog.Mark(waiting: 100, now: 1);
        Assert.False(backlog.WantsMark(2));
        Assert.Equal(49, backlog.Delay(50));

        backlog.OnRead(3, filled: false, now: 51);

        Assert.Equal(0, backlog.Delay(60));
        Assert.False(backlog.WantsMark(60));
    }

    private static long Read(ref StreamBacklog backlog, Queue<long> arrivals, long now, long greatest)
    {
        int read = 0;
        for (; read < Buffer && arrivals.TryDequeue(out long came); read++)
        {
            greatest = Math.Max(greatest, now - came);
        }

        backlog.OnRead(read, read == Buffer, now);
        if (backlog.WantsMark(now))
        {
            backlog.Mark(arrivals.Count, now);
        }

        return read < Buffer ? 0 : arrivals.TryPeek(out long oldest) ? Math.Max(greatest, now - oldest) : greatest;
    }
}
