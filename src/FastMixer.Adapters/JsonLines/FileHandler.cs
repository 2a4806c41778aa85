using FastMixer.Adapters.Stdio;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports.Delivery;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Adapters.JsonLines;

/// <summary>Writes one line a record, and all lines of a batch at once. A disk that is full or gone is tried again as any backend.</summary>
internal sealed class FileHandler(FileSettings settings, TimeProvider time) : IReportHandler
{
    private readonly PooledBuffer _lines = new();
    private readonly RotatingFile _file = new(settings, time);
    private readonly Dictionary<string, RecordLayout> _layouts = new(StringComparer.Ordinal);
    private readonly RecordWriter _writer = new();

    /// <inheritdoc/>
    public ValueTask DeliverAsync(ReportBatch batch, CancellationToken cancellationToken)
    {
        _lines.Reset();
        for (int i = 0; i < batch.Count; i++)
        {
            ReportRecord record = batch[i];
            if (!_layouts.TryGetValue(record.Instance.FullName, out RecordLayout? layout))
            {
                layout = new RecordLayout(record.Instance);
                _layouts.Add(record.Instance.FullName, layout);
            }

            _writer.Write(_lines, record, layout, null, time);
        }

        _file.Append(_lines.Written);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        _lines.Dispose();
        return default;
    }
}
