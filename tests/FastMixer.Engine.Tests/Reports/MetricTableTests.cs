using System.Globalization;
using System.Text;
using CsCheck;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports.Accounting;
using FastMixer.Engine.Reports.Metrics;
using FastMixer.Engine.Tests.Support;
using FastMixer.Policy.Rules;

namespace FastMixer.Engine.Tests.Reports;

/// <summary>The table of series, against a dictionary.</summary>
public sealed class MetricTableTests
{
    private static readonly Instance Metric = MakeInstance();
    private static readonly InstanceField[] Dimensions = [.. Metric.Fields.Where(field => field.Path == "dimensions")];

    [Fact]
    public void Sums_OfRandomSeries_AreThoseOfADictionary_AlsoWhileExportsFail()
    {
        // A series to count into, or: −1 an export that succeeds, −2 one that fails.
        Gen.Int[-2, 300].Array[0, 2_000].Sample(
            operations =>
            {
                MetricTable table = MakeTable(MetricKind.Counter, isExported: true);
                var waiting = new Dictionary<string, long>();
                foreach (int operation in operations)
                {
                    if (operation >= 0)
                    {
                        string key = operation.ToString(CultureInfo.InvariantCulture);
                        Count(table, key, operation, 0);
                        waiting[key] = waiting.GetValueOrDefault(key) + operation;
                    }
                    else
                    {
                        Assert.Equal(waiting.Count > 0, table.TakeOut());
                        Assert.Equal(waiting, Read(table, new HandlerCounters()));
                        if (operation == -1)
                        {
                            table.EndExport();
                            waiting.Clear();
                        }
                    }
                }

                table.TakeOut();
                Assert.Equal(waiting, Read(table, new HandlerCounters()));
            },
            iter: 200);
    }

    [Fact]
    public void MillionDistinctValues_HaveTheRoomOfTheLimit_AndAllAreCounted()
    {
        MetricTable table = MakeTable(MetricKind.Counter, isExported: false, maxSeries: 1_000);
        for (int i = 0; i < 1_000_000; i++)
        {
            Count(table, i.ToString(CultureInfo.InvariantCulture), 1, 0);
        }

        Dictionary<string, long> read = Read(table, null);

        Assert.Equal(1_001, table.Count);
        Assert.Equal(999_000, read["other"]);
        Assert.Equal(1_000_000, read.Values.Sum());
    }

    [Fact]
    public void DimensionOfAMegabyte_CountsIntoTheOverflowSeries_AndIsNotKept()
    {
        MetricTable table = MakeTable(MetricKind.Counter, isExported: false);

        Count(table, new string('x', 1024 * 1024), 5, 0);

        Assert.Equal(1, table.Count);
        Assert.Equal(new() { ["other"] = 5 }, Read(table, null));
    }

    [Fact]
    public void SeriesNamedAsTheOverflowSeries_IsTheOverflowSeries()
    {
        MetricTable table = MakeTable(MetricKind.Counter, isExported: false, maxSeries: 1);
        Count(table, "a", 1, 0);
        Count(table, "b", 2, 0);
        Count(table, "other", 4, 0);

        Assert.Equal(new() { ["a"] = 1, ["other"] = 6 }, Read(table, null));
    }

    [Fact]
    public void IdleSeries_AreForgotten_OthersKeepTheirSums_AndThoseForgottenBeginAnew()
    {
        MetricTable table = MakeTable(MetricKind.Counter, isExported: false);
        for (int i = 0; i < 200; i++)
        {
            Count(table, i.ToString(CultureInfo.InvariantCulture), i, now: i % 2 == 0 ? 10 : 20);
        }

        int expired = table.Expire(since: 15);
        Count(table, "2", 7, 30);

        Dictionary<string, long> read = Read(table, null);
        Assert.Equal(100, expired);
        Assert.Equal(101, read.Count);
        Assert.Equal((7, 199), (read["2"], read["199"]));
    }

    [Fact]
    public void SeriesWithSomethingToExport_AreKept_HoweverIdle()
    {
        MetricTable table = MakeTable(MetricKind.Counter, isExported: true);
        Count(table, "waiting", 1, 0);
        Assert.Equal(0, table.Expire(since: 100));
        table.TakeOut();
        Assert.Equal(0, table.Expire(since: 100));
        Assert.Equal(1, table.EndExport());

        Assert.Equal(1, table.Expire(since: 100));
    }

    [Fact]
    public void SeriesThatIsConfirmed_IsNoPartOfTheNextExport()
    {
        var counters = new HandlerCounters();
        MetricTable table = MakeTable(MetricKind.Counter, isExported: true);
        Count(table, "a", 1, 0);
        Count(table, "b", 2, 0);
        table.TakeOut();
        var set = new MetricSeriesSet(table, table.Columns[0], counters);
        foreach (MetricSeries series in set)
        {
            if (SinkAdapter.Describe(set, series) == "a")
            {
                set.Confirm(series.Number);
            }
        }

        Count(table, "b", 3, 0);
        table.TakeOut();

        Assert.Equal(new() { ["b"] = 5 }, Read(table, counters));
        Assert.Equal(1, counters.Delivered);
        Assert.Equal(2, table.EndExport());
    }

    [Fact]
    public void Gauge_HoldsTheLastValue_AndDistribution_CountsByBucket()
    {
        MetricTable gauge = MakeTable(MetricKind.Gauge, isExported: true);
        MetricTable distribution = MakeTable(MetricKind.Distribution, isExported: true);
        foreach (long value in (long[])[3, -1, 10, 11, 1_000])
        {
            Count(gauge, "x", value, 0);
            Count(distribution, "x", value, 0);
        }

        gauge.TakeOut();
        distribution.TakeOut();
        var set = new MetricSeriesSet(distribution, distribution.Columns[0], new HandlerCounters());
        foreach (MetricSeries series in set)
        {
            Assert.Equal([1, 2, 1, 1], series.Buckets.ToArray());
            Assert.Equal((5, 1_023L), (series.Count, series.Integer));
        }

        Assert.Equal(new() { ["x"] = 1_000 }, Read(gauge, new HandlerCounters()));
    }

    [Fact]
    public void Sum_BeyondSixtyFourBits_StaysAtTheirEnd()
    {
        MetricTable table = MakeTable(MetricKind.Counter, isExported: false);
        Count(table, "x", long.MaxValue - 1, 0);
        Count(table, "x", 5, 0);

        Assert.Equal(long.MaxValue, Read(table, null)["x"]);
    }

    [Fact]
    public void CountingAKnownSeries_AllocatesNothing()
    {
        MetricTable table = MakeTable(MetricKind.Distribution, isExported: true);
        byte[] key = Encode("x");
        ulong hash = MetricTable.HashOf(key);

        FastMixer.Testing.AllocationAssert.Zero(1_000, () => table.Add(table.Find(key, hash, 0), 0, 17));
    }

    private static MetricTable MakeTable(MetricKind kind, bool isExported, int maxSeries = 10_000)
    {
        BucketBounds? buckets = kind == MetricKind.Distribution ? BucketBounds.Explicit([1, 10, 100]) : null;
        return new MetricTable(Dimensions, [(Metric, new MetricDefinition(kind, buckets) { MaxSeries = maxSeries })], isExported);
    }

    private static void Count(MetricTable table, string dimension, long value, long now)
    {
        byte[] key = Encode(dimension);
        table.Add(table.Find(key, MetricTable.HashOf(key), now), 0, value);
    }

    private static byte[] Encode(string dimension)
    {
        byte[] text = Encoding.UTF8.GetBytes(dimension);
        return [.. BitConverter.GetBytes((long)text.Length), .. text];
    }

    private static Dictionary<string, long> Read(MetricTable table, HandlerCounters? exported)
    {
        var read = new Dictionary<string, long>();
        var set = new MetricSeriesSet(table, table.Columns[0], exported);
        foreach (MetricSeries series in set)
        {
            read.Add(SinkAdapter.Describe(set, series), series.Integer);
        }

        return read;
    }

    private static Instance MakeInstance()
    {
        Snapshot policy = TestEngine.Load(
            """
            kind: handler
            metadata: {name: h}
            spec: {compiledAdapter: sink}
            ---
            kind: metric
            metadata: {name: m}
            spec: {value: request.size | 0, dimensions: {d: request.path | ""}}
            ---
            kind: rule
            metadata: {name: r}
            spec: {actions: [{handler: h, instances: [m.metric]}]}
            """,
            new AdapterRegistry([new SinkAdapter()]));
        return policy.Rules[0].Actions[0].Instance;
    }
}
