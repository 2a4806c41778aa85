using FastMixer.Engine.Reports.Metrics;

namespace FastMixer.Adapters.Statsd;

/// <summary>Sends what is summed up: counters and gauges. One call at a time.</summary>
internal sealed class SeriesSender(StatsdSettings settings) : IDisposable
{
    private readonly DatagramPacker _packer = new(settings.Packing);
    private readonly DatagramSender _sender = new(settings.Address);
    private readonly LineWriter _writer = new(settings);
    private readonly Dictionary<string, LineLayout> _layouts = new(StringComparer.Ordinal);
    private readonly List<(MetricSeriesSet Set, int Series)> _packed = [];

    /// <summary>Sends an export, and confirms each datagram when it is sent.</summary>
    public async ValueTask ExportAsync(MetricExport export, CancellationToken cancellationToken)
    {
        Pack(export);
        int confirmed = 0;
        for (int i = 0; i < _packer.Datagrams.Count; i++)
        {
            Datagram datagram = _packer.Datagrams[i];
            await _sender.SendAsync(_packer[datagram], cancellationToken).ConfigureAwait(false);
            for (int end = confirmed + datagram.Items; confirmed < end; confirmed++)
            {
                _packed[confirmed].Set.Confirm(_packed[confirmed].Series);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _packer.Dispose();
        _sender.Dispose();
        _writer.Dispose();
    }

    private void Pack(MetricExport export)
    {
        _packer.Reset();
        _packed.Clear();
        foreach (MetricSeriesSet set in export.Metrics)
        {
            LineLayout layout = LayoutOf(set);
            foreach (MetricSeries series in set)
            {
                _packed.Add((set, series.Number));
                _writer.WriteSeries(_packer.BeginItem(), layout, series);
                if (!_packer.EndItem())
                {
                    set.Reject(series.Number);
                }
            }
        }

        _packer.End();
    }

    private LineLayout LayoutOf(MetricSeriesSet set)
    {
        if (!_layouts.TryGetValue(set.Instance.FullName, out LineLayout? layout))
        {
            layout = new LineLayout(settings.Find(set.Instance)!, settings.Dialect, set.Dimensions);
            _layouts.Add(set.Instance.FullName, layout);
        }

        return layout;
    }
}
