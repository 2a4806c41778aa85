using FastMixer.Engine.Reports.Delivery;

namespace FastMixer.Adapters.Otlp;

/// <summary>Sends the records of a batch that have one template, in as many requests as they need. One call at a time.</summary>
internal sealed class RecordSender(OtlpSettings settings, OtlpClient client, IRecordEncoder encoder) : IDisposable
{
    private readonly ExportRequest _request = new(settings);
    private readonly List<int> _items = [];

    /// <summary>Sends them, and settles those of each request that is answered.</summary>
    public async ValueTask DeliverAsync(ReportBatch batch, CancellationToken cancellationToken)
    {
        for (int next = 0; next < batch.Count;)
        {
            next = Encode(batch, next);
            if (_items.Count > 0)
            {
                long rejected = await client.SendAsync(encoder.Signal, _request.Bytes, cancellationToken).ConfigureAwait(false);
                Settle(batch, rejected);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _request.Dispose();

    // Encodes what fits into a request; the index of the record that begins the next one.
    private int Encode(ReportBatch batch, int first)
    {
        _items.Clear();
        _request.Begin();
        int next = first;
        for (; next < batch.Count; next++)
        {
            ReportRecord record = batch[next];
            if (record.Instance.Template.Name != encoder.Template || batch.IsSettled(next))
            {
                continue;
            }

            int length = _request.Length;
            _request.BeginItem();
            bool isTaken = encoder.TryWrite(record, _request.Writer);
            _request.EndItem();
            if (isTaken && !_request.IsTooLong)
            {
                _items.Add(next);
                continue;
            }

            _request.Truncate(length);
            if (isTaken && _items.Count > 0)
            {
                break;
            }

            batch.Reject(next);
        }

        _request.End();
        return next;
    }

    // The server says how many it refused, not which: the number is right, which records they are is not known.
    private void Settle(ReportBatch batch, long rejected)
    {
        for (int i = 0; i < _items.Count; i++)
        {
            if (_items.Count - i <= rejected)
            {
                batch.Reject(_items[i]);
            }
            else
            {
                batch.ConfirmAt(_items[i]);
            }
        }
    }
}
