using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports.Delivery;

namespace FastMixer.Adapters.Fluentd;

/// <summary>
/// Sends log entries by the forward protocol. What the server has acknowledged is delivered, and nothing else: a message without its acknowledgement is
/// sent again on another connection, so that an entry may come twice but is not lost.
/// </summary>
internal sealed class FluentdHandler(FluentdSettings settings, TimeProvider time) : IReportHandler
{
    // So many messages are on their way at once: their acknowledgements, some 32 bytes each, fit into any socket's buffer.
    private const int Window = 32;

    private readonly ChunkPacker _packer = new(settings, time);
    private readonly ForwardConnection _connection = new(settings.Address);
    private readonly byte[] _id = new byte[ChunkPacker.IdLength];

    /// <inheritdoc/>
    public ReportBuffering Buffering { get; } = new()
    {
        BatchRecords = settings.BatchRecords,
        BatchBytes = settings.ChunkBytes,
        Linger = settings.PushInterval,
        Retry = ReportRetry.Default with { Timeout = settings.PushTimeout },
    };

    /// <inheritdoc/>
    public async ValueTask DeliverAsync(ReportBatch batch, CancellationToken cancellationToken)
    {
        _packer.Pack(batch);
        try
        {
            for (int sent = 0; sent < _packer.Chunks.Count; sent += Window)
            {
                await SendAsync(batch, sent, Math.Min(sent + Window, _packer.Chunks.Count), cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            _connection.Close();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _connection.Dispose();
        _packer.Dispose();
        return default;
    }

    private async ValueTask SendAsync(ReportBatch batch, int first, int end, CancellationToken cancellationToken)
    {
        await _connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        int begin = first == 0 ? 0 : _packer.Chunks[first - 1].End;
        await _connection.SendAsync(_packer.Bytes[begin.._packer.Chunks[end - 1].End], cancellationToken).ConfigureAwait(false);
        for (int i = first; i < end; i++)
        {
            _packer.WriteId(_packer.Chunks[i].Number, _id);
            await _connection.ReceiveAcknowledgementAsync(_id, cancellationToken).ConfigureAwait(false);
            batch.Confirm(_packer.Chunks[i].Records);
        }
    }
}
