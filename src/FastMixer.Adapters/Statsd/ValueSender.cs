using FastMixer.Engine.Reports.Delivery;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Adapters.Statsd;

/// <summary>Sends values one by one, or as many of them as the sample rate says: timings and histograms. One call at a time.</summary>
internal sealed class ValueSender(StatsdSettings settings) : IDisposable
{
    private readonly DatagramPacker _packer = new(settings.Packing);
    private readonly DatagramSender _sender = new(settings.Address);
    private readonly LineWriter _writer = new(settings);

    // By name: a handler outlives the configuration that its instances came from, but not a change of them.
    private readonly Dictionary<string, (LineLayout Layout, int Value)> _layouts = new(StringComparer.Ordinal);

    /// <summary>Sends a batch, and confirms each datagram when it is sent. No allocation while the socket takes them at once.</summary>
    public async ValueTask DeliverAsync(ReportBatch batch, CancellationToken cancellationToken)
    {
        Pack(batch);
        for (int i = 0; i < _packer.Datagrams.Count; i++)
        {
            Datagram datagram = _packer.Datagrams[i];
            await _sender.SendAsync(_packer[datagram], cancellationToken).ConfigureAwait(false);
            batch.Confirm(datagram.Items);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _packer.Dispose();
        _sender.Dispose();
        _writer.Dispose();
    }

    private void Pack(ReportBatch batch)
    {
        _packer.Reset();
        for (int i = 0; i < batch.Count; i++)
        {
            PooledBuffer output = _packer.BeginItem();
            bool isTaken = batch.IsSettled(i) || TryWrite(batch[i], output);
            if (!_packer.EndItem() || !isTaken)
            {
                batch.Reject(i);
            }
        }

        _packer.End();
    }

    // False for a value that the backend cannot take; what the sample leaves out is taken without a line.
    private bool TryWrite(ReportRecord record, PooledBuffer output)
    {
        (LineLayout layout, int value) = LayoutOf(record.Instance);
        bool isDuration = value >= 0 && record.Fields[value].Type == AttributeType.Duration;
        long number = record.Fields.GetInt64(value);
        if (isDuration && number < 0)
        {
            return false;
        }

        if (!IsSampled())
        {
            return true;
        }

        if (isDuration)
        {
            _writer.WriteTiming(output, layout, record.Fields, number);
        }
        else
        {
            _writer.WriteHistogram(output, layout, record.Fields, number);
        }

        return true;
    }

#pragma warning disable CA5394 // A sample need not be hard to guess.
    private bool IsSampled() => settings.SampleRate >= 1 || Random.Shared.NextDouble() < settings.SampleRate;
#pragma warning restore CA5394

    private (LineLayout Layout, int Value) LayoutOf(Instance instance)
    {
        if (!_layouts.TryGetValue(instance.FullName, out (LineLayout, int) known))
        {
            known = (new LineLayout(settings.Find(instance)!, settings.Dialect, instance.AllFields), instance.IndexOf("value"));
            _layouts.Add(instance.FullName, known);
        }

        return known;
    }
}
