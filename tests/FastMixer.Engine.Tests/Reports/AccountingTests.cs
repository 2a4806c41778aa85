using System.Collections.Concurrent;
using FastMixer.Engine.Reports;
using FastMixer.Engine.Reports.Accounting;
using FastMixer.Engine.Reports.Delivery;
using FastMixer.Engine.Reports.Metrics;
using FastMixer.Engine.Tests.Support;
using FastMixer.Protocol.Messages;

namespace FastMixer.Engine.Tests.Reports;

/// <summary>Every record ends once, delivered or dropped with its first reason, and the sums agree: records, and the instances of each handler.</summary>
public sealed class AccountingTests : AccountingTest
{
    private const string Extra = """

        ---
        kind: handler
        metadata: {name: extra}
        spec: {compiledAdapter: sink}
        ---
        kind: rule
        metadata: {name: extra}
        spec: {actions: [{handler: extra, instances: [line.logentry]}]}
        """;

    [Fact]
    public async Task Records_ReachTheHandler_InOrder_WithTheirValues()
    {
        var lines = new ConcurrentQueue<string>();
        Sink.Deliver = (batch, _) => Note(batch, lines);
        await using TestEngine engine = Start("none");

        engine.Report(Path("/a", 1), Path("/b", 2), Path("/b", 3));
        await Settled(engine, 3);

        Assert.Equal(["path=/a size=1", "path=/b size=2", "path=/b size=3"], lines);
        AssertSums(engine, delivered: 3);
    }

    [Fact]
    public async Task Metrics_AreSummedUpByDimension_AndExportedAsWhatWasAdded()
    {
        var exported = new ConcurrentQueue<string>();
        Sink.Export = (export, _) => Note(export, exported);
        await using (TestEngine engine = Start("counter"))
        {
            engine.Report(Path("/a", 1), Path("/b", 2), Path("/a", 3));
            await Settled(engine, 3);
            await Eventually.TrueAsync(() => exported.Count == 2);
            engine.Report(Path("/a", 5));
            await Settled(engine, 4);
        }

        Assert.Equal(["/a: 4 of 2", "/b: 2 of 1", "/a: 5 of 1"], exported);
    }

    [Fact]
    public async Task BackendThatFails_IsTriedAgain_AndWhatItNeverTakes_IsDroppedOnce()
    {
        int calls = 0;
        Sink.Deliver = (_, _) => Interlocked.Increment(ref calls) <= 2 ? ValueTask.FromException(new IOException("reset")) : default;
        await using TestEngine engine = Start("none");
        engine.Report(Path("/a", 1), Path("/b", 2));
        await Settled(engine, 2);
        AssertSums(engine, delivered: 2);

        Sink.Deliver = static (_, _) => ValueTask.FromException(new IOException("reset"));
        engine.Report(Path("/c", 1), Path("/d", 2), Path("/e", 3));
        await Settled(engine, 5);

        AssertSums(engine, delivered: 2, (DropReason.HandlerError, 3));
        Assert.Equal(5, engine.Engine.Current.ReportCounters[Log].FailedAttempts);
    }

    [Fact]
    public async Task BackendThatNeverAnswers_IsGivenItsTime_AndNoMore()
    {
        Sink.Deliver = static async (_, cancellation) => await Task.Delay(Timeout.Infinite, cancellation);
        await using TestEngine engine = Start("none");

        engine.Report(Path("/a", 1));
        await Settled(engine, 1);

        AssertSums(engine, delivered: 0, (DropReason.HandlerError, 1));
    }

    [Fact]
    public async Task RingWithoutRoom_DropsWhatComes_AndCountsIt()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Sink.Deliver = async (_, cancellation) => await gate.Task.WaitAsync(cancellation);
        await using TestEngine engine = Start("none", "ring: 400000, batch: 10");
        const int Records = 20_000;
        for (int i = 0; i < Records; i += 100)
        {
            engine.Report([.. Enumerable.Range(i, 100).Select(number => Path("/" + number, number))]);
        }

        await Eventually.TrueAsync(() => engine.Engine.Current.ReportCounters[Log].Sent == Records);
        gate.SetResult();
        await Settled(engine, Records);

        long full = engine.Engine.Counters.RecordsDropped(DropReason.HandlerFull);
        Assert.InRange(full, 1, Records - 1);
        AssertSums(engine, delivered: Records - full, (DropReason.HandlerFull, full));
    }

    [Fact]
    public async Task IntakeWithoutRoom_Refuses_AndNothingRefusedIsCountedTwice()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Sink.Deliver = async (_, cancellation) => await gate.Task.WaitAsync(cancellation);
        await using TestEngine engine = TestEngine.Start(
            Policy("none", ""), TimeProvider.System, new ReportOptions { MaxBytes = 1 }, Sink);

        Acknowledgement acknowledgement = engine.Report(Path("/a", 1), Path("/b", 1));

        Assert.Equal((0, 2), (acknowledgement.Accepted, acknowledgement.Refused));
        Assert.True(acknowledgement.RetryAfter > TimeSpan.Zero);
        Assert.Equal((0, 2), (engine.Engine.Counters.RecordsAccepted, engine.Engine.Counters.RecordsRefused));
        gate.SetResult();
    }

    [Fact]
    public async Task RecordOfSeveralHandlers_IsDelivered_WhenAllHaveIt_AndElseDroppedOnce()
    {
        Sink.Deliver = static (batch, _) =>
        {
            for (int i = 0; i < batch.Count; i++)
            {
                if (SinkAdapter.Describe(batch[i]).Contains("/bad", StringComparison.Ordinal))
                {
                    batch.Reject(i);
                }
            }

            return default;
        };
        await using TestEngine engine = Start("counter", more: Meter);

        engine.Report(Path("/good", 1), Path("/bad", 1), Path("/good", -1), Path("/bad", -1));
        await Settled(engine, 4);

        // A negative increment is met before the log, which rejects the path.
        Assert.Equal(1, engine.Engine.Counters.RecordsDelivered);
        Assert.Equal(3, Dropped(engine).Sum(pair => pair.Value));
        Assert.Equal(2, engine.Engine.Current.ReportCounters[Meter].Dropped(DropReason.InvalidValue));
        Assert.Equal(2, engine.Engine.Current.ReportCounters[Log].Dropped(DropReason.Rejected));
        Assert.Equal(2, engine.Engine.Current.ReportCounters[Log].Delivered);
    }

    [Fact]
    public async Task RecordThatRemovesWhatIsNotThere_AndDeltasOverNothing_AreRecordsAsAnyOther()
    {
        var lines = new ConcurrentQueue<string>();
        Sink.Deliver = (batch, _) => Note(batch, lines);
        await using TestEngine engine = Start("none");

        engine.Report(record => record.Remove("request.path"), record => { }, Path("/a", 1), record => record.Remove("request.size"));
        await Settled(engine, 4);

        Assert.Equal(["path= size=0", "path= size=0", "path=/a size=1", "path= size=0"], lines);
        AssertSums(engine, delivered: 4);
    }

    [Fact]
    public async Task ExportsThatFail_LoseNothing_AndDoNotGrow()
    {
        var exported = new ConcurrentQueue<string>();
        int failures = 3;
        Sink.Export = (export, _) => Interlocked.Decrement(ref failures) >= 0 ? ValueTask.FromException(new IOException("reset")) : Note(export, exported);
        await using TestEngine engine = Start("counter");
        for (int i = 0; i < 50; i++)
        {
            engine.Report(Path("/a", 1), Path("/a", 1));
        }

        HandlerCounters counters = engine.Engine.Current.ReportCounters[Meter];
        await Eventually.TrueAsync(() => counters.Delivered == 100);

        Assert.Equal(["/a: 100 of 100"], exported);
        Assert.Equal((100, 0), (counters.Sent, counters.Held));
    }

    [Fact]
    public async Task Drain_DeliversWhatItCan_AndCountsTheRestAsDropped()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        int batches = 0;
        Sink.Deliver = async (_, cancellation) => await (Interlocked.Increment(ref batches) == 1 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, cancellation));
        TestEngine engine = TestEngine.Start(Policy("none", "batch: 4"), time, Sink);
        engine.Report([.. Enumerable.Range(0, 10).Select(i => Path("/" + i, i))]);
        HandlerCounters counters = engine.Engine.Current.ReportCounters[Log];
        await Eventually.TrueAsync(() => batches == 2);

        Task disposed = engine.DisposeAsync().AsTask();
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return disposed.IsCompleted;
        });
        await disposed;

        Assert.Equal((10, 4, 0), (counters.Sent, counters.Delivered, counters.Held));
        Assert.Equal(6, counters.Dropped(DropReason.Shutdown) + counters.Dropped(DropReason.HandlerError));
        Assert.Equal(0, engine.Engine.Counters.RecordsHeld);
        Assert.Equal(10, engine.Engine.Counters.RecordsAccepted);
        Assert.Equal(10, engine.Engine.Counters.RecordsDelivered + Dropped(engine).Sum(pair => pair.Value));
    }

    [Fact]
    public async Task ManyClients_UnderFaultsAndReloads_AndADrain_LeaveSumsThatAgree()
    {
        const int Clients = 4;
        const int Messages = 400;
        int calls = 0;
        long taken = 0;
        Sink.Deliver = (batch, _) =>
        {
            if (Interlocked.Increment(ref calls) % 7 == 0)
            {
                batch.Confirm(batch.Count / 2);
                return ValueTask.FromException(new IOException("reset"));
            }

            return default;
        };
        Sink.Export = (export, _) =>
        {
            if (Interlocked.Increment(ref calls) % 3 == 0)
            {
                return ValueTask.FromException(new IOException("reset"));
            }

            foreach (MetricSeriesSet set in export.Metrics)
            {
                foreach (MetricSeries series in set)
                {
                    Interlocked.Add(ref taken, series.Count);
                }
            }

            return default;
        };
        TestEngine engine = Start("counter", "batch: 16, ring: 4000000", more: Meter);
        HandlerCounters meter = engine.Engine.Current.ReportCounters[Meter];
        Task[] clients = [.. Enumerable.Range(0, Clients).Select(client => Task.Run(() =>
        {
            byte[] message = TestEngine.EncodeReport([.. Enumerable.Range(0, 20).Select(i => Path("/" + (i % 5), i))]);
            for (int i = 0; i < Messages; i++)
            {
                engine.Report(message, 20);
            }
        }))];
        for (int i = 0; i < 20; i++)
        {
            engine.Replace(Policy("counter", "batch: 16, ring: 4000000", Meter) + (i % 2 == 0 ? Extra : ""));
            await Task.Yield();
        }

        await Task.WhenAll(clients);
        await engine.DisposeAsync();

        var counters = engine.Engine.Counters;
        Assert.Equal(Clients * Messages * 20, counters.RecordsAccepted + counters.RecordsRefused);
        Assert.Equal(counters.RecordsAccepted, counters.RecordsDelivered + Dropped(engine).Sum(pair => pair.Value));
        Assert.Equal(0, counters.RecordsHeld);
        Assert.Equal((counters.RecordsAccepted, 0), (meter.Sent, meter.Held));
        Assert.Equal(taken, meter.Delivered);
    }

    private static ValueTask Note(ReportBatch batch, ConcurrentQueue<string> lines)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            lines.Enqueue(SinkAdapter.Describe(batch[i]));
        }

        return default;
    }

    private static ValueTask Note(MetricExport export, ConcurrentQueue<string> lines)
    {
        foreach (MetricSeriesSet set in export.Metrics)
        {
            foreach (MetricSeries series in set)
            {
                lines.Enqueue($"{SinkAdapter.Describe(set, series)}: {series.Integer} of {series.Count}");
            }
        }

        return default;
    }
}
