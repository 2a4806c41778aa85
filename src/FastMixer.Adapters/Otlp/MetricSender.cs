using FastMixer.Engine.Reports.Metrics;

namespace FastMixer.Adapters.Otlp;

/// <summary>Sends exports of metrics, in as many requests as they need. One call at a time.</summary>
internal sealed class MetricSender(OtlpSettings settings, OtlpClient client) : IDisposable
{
    private readonly ExportRequest _request = new(settings);
    private readonly MetricEncoder _encoder = new(settings);
    private readonly List<(MetricSeriesSet Set, int Series)> _items = [];

    /// <summary>Sends an export, and settles the series of each request that is answered.</summary>
    public async ValueTask ExportAsync(MetricExport export, CancellationToken cancellationToken)
    {
        _encoder.Encode(export, _request, _items);
        while (_items.Count > 0)
        {
            long rejected = await client.SendAsync(Signal.Metrics, _request.Bytes, cancellationToken).ConfigureAwait(false);
            Settle(rejected);
            _encoder.Encode(export, _request, _items);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _request.Dispose();
        _encoder.Dispose();
    }

    // The server says how many points it refused, not which: the number is right, which series they are taken from is not known.
    private void Settle(long rejected)
    {
        for (int i = 0; i < _items.Count; i++)
        {
            (MetricSeriesSet set, int series) = _items[i];
            if (_items.Count - i <= rejected)
            {
                set.Reject(series);
            }
            else
            {
                set.Confirm(series);
            }
        }
    }
}
