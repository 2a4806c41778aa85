using System.Text;
using FastMixer.Engine.Reports.Metrics;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Adapters.Prometheus;

/// <summary>The series of one metric by their labels as they are written, copied out of the handlers' tables. Belongs to one caller at a time.</summary>
internal sealed class MetricFamily(PrometheusMetric metric)
{
    private readonly Dictionary<string, FamilySeries> _series = new(StringComparer.Ordinal);

    /// <summary>The metric.</summary>
    public PrometheusMetric Metric => metric;

    /// <summary>The series by their labels: <c>a="x",b="y"</c>.</summary>
    public IReadOnlyDictionary<string, FamilySeries> Series => _series;

    /// <summary>Adds the totals of a handler. Later ones hold where only the last value counts.</summary>
    public void Add(MetricSeriesSet set)
    {
        using var labels = new PooledBuffer();
        foreach (MetricSeries series in set)
        {
            labels.Reset();
            ExpositionWriter.WriteLabels(set, series, labels);
            GetOrAdd(Encoding.UTF8.GetString(labels.Written)).Add(metric.Definition.Kind, series);
        }
    }

    /// <summary>Adds what was counted before.</summary>
    public void AddBefore(MetricFamily ended)
    {
        foreach ((string labels, FamilySeries series) in ended._series)
        {
            GetOrAdd(labels).AddBefore(metric.Definition.Kind, series);
        }
    }

    /// <summary>Notes the time of all series.</summary>
    public void Touch(long now)
    {
        foreach (FamilySeries series in _series.Values)
        {
            series.LastSeen = now;
        }
    }

    /// <summary>Forgets series that nobody has counted into for the metric's time; those that somebody has are kept on.</summary>
    /// <param name="living">What is counted now.</param>
    /// <param name="now">The time.</param>
    /// <param name="time">Its unit.</param>
    public void ForgetIdle(MetricFamily living, long now, TimeProvider time)
    {
        foreach ((string labels, FamilySeries series) in _series.ToArray())
        {
            if (living._series.ContainsKey(labels))
            {
                series.LastSeen = now;
            }
            else if (metric.Definition.IdleTime > TimeSpan.Zero && time.GetElapsedTime(series.LastSeen, now) > metric.Definition.IdleTime)
            {
                _series.Remove(labels);
            }
        }
    }

    private FamilySeries GetOrAdd(string labels)
    {
        if (!_series.TryGetValue(labels, out FamilySeries? series))
        {
            series = new FamilySeries(metric.Definition.Buckets?.Count ?? 0);
            _series.Add(labels, series);
        }

        return series;
    }
}

/// <summary>The totals of one series.</summary>
/// <param name="buckets">How many buckets it has.</param>
internal sealed class FamilySeries(int buckets)
{
    private readonly long[] _buckets = new long[buckets];

    /// <summary>How many values.</summary>
    public long Count { get; private set; }

    /// <summary>Their sum, or the last; where <see cref="IsInteger"/>, exact in <see cref="Integer"/>.</summary>
    public double Value { get; private set; }

    /// <summary>The exact sum, or last value, of whole numbers.</summary>
    public long Integer { get; private set; }

    /// <summary>Whether the value is a whole number.</summary>
    public bool IsInteger { get; private set; } = true;

    /// <summary>How many values are in each bucket.</summary>
    public ReadOnlySpan<long> Buckets => _buckets;

    /// <summary>When it was last counted into, as far as is known.</summary>
    public long LastSeen { get; set; }

    /// <summary>Adds the totals of a handler.</summary>
    public void Add(MetricKind kind, in MetricSeries series)
    {
        bool isLast = kind == MetricKind.Gauge;
        IsInteger &= series.IsInteger && !series.IsDuration;
        Value = isLast ? series.Value : Value + series.Value;
        Integer = isLast ? series.Integer : unchecked(Integer + series.Integer);
        AddCounts(series.Count, series.Buckets);
    }

    /// <summary>Adds what was counted before.</summary>
    public void AddBefore(MetricKind kind, FamilySeries before)
    {
        if (kind != MetricKind.Gauge || Count == 0)
        {
            IsInteger &= before.IsInteger;
            Value += before.Value;
            Integer = unchecked(Integer + before.Integer);
        }

        AddCounts(before.Count, before.Buckets);
    }

    private void AddCounts(long count, ReadOnlySpan<long> buckets)
    {
        Count += count;
        for (int i = 0; i < buckets.Length; i++)
        {
            _buckets[i] += buckets[i];
        }
    }
}
