using FastMixer.Engine.Reports.Metrics;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Adapters.Prometheus;

/// <summary>
/// The metrics that are scraped at one address. A series that several handlers have, which they do while one takes another's place, is told once, as
/// their sum. What an ended handler has counted stays with the handlers that have the same metric. Any thread may call.
/// </summary>
internal sealed class MetricFamilies(TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly List<PrometheusHandler> _handlers = [];
    private readonly Dictionary<string, MetricFamily> _ended = new(StringComparer.Ordinal);

    /// <summary>Adds the metrics of a handler.</summary>
    public void Add(PrometheusHandler handler)
    {
        lock (_handlers)
        {
            _handlers.Add(handler);
        }
    }

    /// <summary>How many values a handler has summed up.</summary>
    public static long CountValues(MetricTotals totals)
    {
        long values = 0;
        foreach (MetricSeriesSet set in totals.Metrics)
        {
            foreach (MetricSeries series in set)
            {
                values += series.Count;
            }
        }

        return values;
    }

    /// <summary>Whether other handlers go on with all metrics of one, so that nothing of it is lost when it ends.</summary>
    public bool AllGoOn(PrometheusHandler handler)
    {
        lock (_handlers)
        {
            return handler.Metrics.All(metric => _handlers.Exists(other => other != handler && other.Metrics.Any(metric.ContinuesAs)));
        }
    }

    /// <summary>Takes the metrics of a handler away; what it has counted stays where another handler goes on with it.</summary>
    public async Task RemoveAsync(PrometheusHandler handler)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            PrometheusHandler[] others;
            lock (_handlers)
            {
                _handlers.Remove(handler);
                others = [.. _handlers];
            }

            await handler.ReadAsync(totals => KeepWhatGoesOn(handler, others, totals)).ConfigureAwait(false);
            foreach (string name in _ended.Keys.Where(name => !Array.Exists(others, other => other.Metrics.Any(metric => metric.Name == name))).ToArray())
            {
                _ended.Remove(name);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Writes all metrics in the text format.</summary>
    /// <param name="text">Where to.</param>
    /// <returns>How many values of each handler are in it, to be noted when it has arrived.</returns>
    public async Task<IReadOnlyList<(PrometheusHandler Handler, long Values)>> WriteAsync(PooledBuffer text)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            PrometheusHandler[] handlers;
            lock (_handlers)
            {
                handlers = [.. _handlers];
            }

            var families = new SortedDictionary<string, MetricFamily>(StringComparer.Ordinal);
            var told = new List<(PrometheusHandler Handler, long Values)>();
            foreach (PrometheusHandler handler in handlers)
            {
                await handler.ReadAsync(totals =>
                {
                    Gather(handler, totals, families);
                    told.Add((handler, CountValues(totals)));
                }).ConfigureAwait(false);
            }

            foreach ((string name, MetricFamily family) in families)
            {
                if (_ended.TryGetValue(name, out MetricFamily? ended) && ended.Metric.ContinuesAs(family.Metric))
                {
                    ended.ForgetIdle(family, time.GetTimestamp(), time);
                    family.AddBefore(ended);
                }

                ExpositionWriter.Write(family, text);
            }

            return told;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    // A metric that two handlers define differently is told as the first of them does: Prometheus knows one of a name.
    private static void Gather(PrometheusHandler handler, MetricTotals totals, SortedDictionary<string, MetricFamily> families)
    {
        foreach (MetricSeriesSet set in totals.Metrics)
        {
            PrometheusMetric metric = handler.MetricOf(set.Instance);
            if (!families.TryGetValue(metric.Name, out MetricFamily? family))
            {
                family = new MetricFamily(metric);
                families.Add(metric.Name, family);
            }

            if (family.Metric.ContinuesAs(metric))
            {
                family.Add(set);
            }
        }
    }

    private void KeepWhatGoesOn(PrometheusHandler handler, PrometheusHandler[] others, MetricTotals totals)
    {
        foreach (MetricSeriesSet set in totals.Metrics)
        {
            PrometheusMetric metric = handler.MetricOf(set.Instance);
            if (!Array.Exists(others, other => other.Metrics.Any(metric.ContinuesAs)))
            {
                continue;
            }

            if (!_ended.TryGetValue(metric.Name, out MetricFamily? kept) || !kept.Metric.ContinuesAs(metric))
            {
                kept = new MetricFamily(metric);
                _ended[metric.Name] = kept;
            }

            kept.Add(set);
            kept.Touch(time.GetTimestamp());
        }
    }
}
