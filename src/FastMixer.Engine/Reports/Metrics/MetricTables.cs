using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports.Accounting;
using FastMixer.Policy.Rules;

namespace FastMixer.Engine.Reports.Metrics;

/// <summary>
/// The metrics of one handler: a <see cref="MetricTable"/> for those that have the same dimensions. Tables are made when a configuration is put in
/// force; from then on the handler's worker alone uses them.
/// </summary>
internal sealed class MetricTables
{
    private readonly Lock _making = new();
    private readonly Dictionary<string, MetricTable> _known = new(StringComparer.Ordinal);
    private readonly HandlerCounters _counters;
    private readonly bool _isExported;
    private volatile MetricTable[] _tables = [];
    private long _expiryTicks = Timeout.InfiniteTimeSpan.Ticks;

    /// <summary>No metrics.</summary>
    /// <param name="handler">Whose they are.</param>
    /// <param name="counters">What is counted.</param>
    public MetricTables(IReportHandler handler, HandlerCounters counters)
    {
        _counters = counters;
        _isExported = handler is IMetricExporter;
    }

    /// <summary>Whether there are any.</summary>
    public bool Any => _tables.Length > 0;

    /// <summary>All tables.</summary>
    public ReadOnlySpan<MetricTable> All => _tables;

    /// <summary>Finds or makes the table of metrics whose dimensions are alike. Any thread.</summary>
    /// <param name="dimensions">The dimensions.</param>
    /// <param name="metrics">All metrics of the handler that have them, in the order of their full names.</param>
    public MetricTable GetOrMake(InstanceField[] dimensions, IReadOnlyList<(Instance Instance, MetricDefinition Definition)> metrics)
    {
        string names = string.Join('\n', metrics.Select(metric => metric.Instance.FullName));
        lock (_making)
        {
            if (!_known.TryGetValue(names, out MetricTable? table))
            {
                table = new MetricTable(dimensions, metrics, _isExported);
                _known.Add(names, table);
                _tables = [.. _tables, table];
                TimeSpan[] idle = [.. _tables.Select(made => made.IdleTime).Where(time => time > TimeSpan.Zero)];
                Interlocked.Exchange(ref _expiryTicks, idle.Length == 0 ? Timeout.InfiniteTimeSpan.Ticks : idle.Min().Ticks / 2);
            }

            return table;
        }
    }

    /// <summary>Forgets idle series.</summary>
    /// <param name="time">The time to go by.</param>
    public void Expire(TimeProvider time)
    {
        foreach (MetricTable table in _tables)
        {
            if (table.IdleTime > TimeSpan.Zero)
            {
                long ago = (long)(table.IdleTime.TotalSeconds * time.TimestampFrequency);
                _counters.CountExpiredSeries(table.Expire(time.GetTimestamp() - ago));
            }
        }
    }

    /// <summary>How often idle series are looked for; infinite if never.</summary>
    public TimeSpan ExpiryInterval => TimeSpan.FromTicks(Interlocked.Read(ref _expiryTicks));

    /// <summary>Moves what was added to where it is exported from.</summary>
    /// <returns>Whether there is anything to export.</returns>
    public bool TakeOut()
    {
        bool any = false;
        foreach (MetricTable table in _tables)
        {
            any |= table.TakeOut();
        }

        return any;
    }

    /// <summary>What is being exported, or the totals of metrics that are not.</summary>
    public IReadOnlyList<MetricSeriesSet> Sets() =>
    [
        .. _tables
            .SelectMany(table => table.Columns.Select(column => new MetricSeriesSet(table, column, _isExported ? _counters : null)))
            .OrderBy(set => set.Instance.FullName, StringComparer.Ordinal),
    ];

    /// <summary>What was exported is delivered.</summary>
    public void EndExport() => _counters.CountDelivered(Sum(static table => table.EndExport()));

    /// <summary>What was not exported will not be delivered any more.</summary>
    public void Abandon()
    {
        if (_isExported)
        {
            _counters.CountDropped(DropReason.Shutdown, Sum(static table => table.Abandon()));
        }
    }

    private long Sum(Func<MetricTable, long> part)
    {
        long sum = 0;
        foreach (MetricTable table in _tables)
        {
            sum += part(table);
        }

        return sum;
    }
}
