using FastMixer.Client.Attributes;
using FastMixer.Client.Reports;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Testing;

namespace FastMixer.Client.Tests.Reports;

/// <summary>What adding costs, and that many threads at once lose no record and no count, whatever servers do.</summary>
public sealed class ReportProducerTests : ReportTest
{
    [Fact]
    public async Task TryAdd_AllocatesNothing()
    {
        await using ReportGatherer gatherer = Start(new ReportOptions { BatchRecords = 10_000, BufferBytes = 1 << 20 });
        AttributeKey path = Space.Key("request.path");
        AttributeKey code = Space.Key("response.code");
        using RequestAttributes record = Space.Rent(null);
        record.Set("request.host", "books.example");
        PreparedAttributes prepared = record.Prepare();

        AllocationAssert.Zero(20_000, () =>
        {
            record.Reset(prepared);
            record.Set(path, "/productpage"u8);
            record.Set(code, 200);
            gatherer.TryAdd(record);
        });
        AssertSums(gatherer.Counts);
    }

    [Fact]
    public async Task ManyProducers_UnderFaults_EveryRecordEndsInOneCount()
    {
        int asked = 0;
        Fleet.Answer = (count, _) => (Interlocked.Increment(ref asked) % 8) switch
        {
            1 => Task.FromException<Acknowledgement>(new MixerUnacknowledgedException("no answer")),
            2 => Task.FromException<Acknowledgement>(new MixerUnavailableException("nobody there")),
            3 => Task.FromException<Acknowledgement>(new MixerErrorException(ErrorCode.WrongType, "wrong-type")),
            4 => Task.FromResult(new Acknowledgement(count / 2, count - (count / 2), TimeSpan.FromMilliseconds(5))),
            5 => Task.FromException<Acknowledgement>(new InvalidOperationException("a fault of the fleet's own")),
            _ => Task.FromResult(new Acknowledgement(count, 0, TimeSpan.Zero)),
        };
        const int Producers = 4;
        const int Each = 5_000;
        ReportGatherer gatherer = Start(new ReportOptions { BatchRecords = 50, BufferBytes = 64 << 10 });
        long refused = 0;
        Thread[] producers = [.. Enumerable.Range(0, Producers).Select(producer => new Thread(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                if (!Add(gatherer, (producer * Each) + i))
                {
                    Interlocked.Increment(ref refused);
                }
            }
        }))];
        Array.ForEach(producers, static thread => thread.Start());
        while (producers.Any(static thread => thread.IsAlive))
        {
            AssertSums(gatherer.Counts);
            Clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        Task disposed = gatherer.DisposeAsync().AsTask();
        await Until.TrueAsync(() =>
        {
            Clock.Advance(TimeSpan.FromMilliseconds(50));
            return disposed.IsCompleted;
        });

        ReportCounts counts = gatherer.Counts;
        Assert.Equal(Producers * Each, counts.Added);
        Assert.Equal(0, counts.Held);
        Assert.InRange(counts.Dropped(ReportDropReason.Full), refused, counts.Added);
        long[] taken = TakenNumbers();
        Assert.Equal(counts.Acknowledged, taken.Length);
        Assert.Equal(taken.Length, taken.Distinct().Count());
    }
}
